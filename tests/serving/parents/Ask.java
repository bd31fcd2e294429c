import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;

/** Keeps `sor-addressing answer` beside it: the arguments are the command; questions come from standard input, a line each. */
public class Ask {
    public static void main(String[] command) throws Exception {
        Process child = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var questions = new BufferedWriter(new OutputStreamWriter(child.getOutputStream(), StandardCharsets.UTF_8));
                var answers = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII));
                var own = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String question; (question = own.readLine()) != null;) {
                questions.write(question);
                questions.newLine();
                questions.flush();
                System.out.println(answers.readLine());
            }
        }
        System.exit(child.waitFor());
    }
}
