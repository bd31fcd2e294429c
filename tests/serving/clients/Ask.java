import java.util.List;
import java.util.stream.Collectors;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.QuestionsApi;
import org.openapitools.client.model.Direction;
import org.openapitools.client.model.ValidateQuestion;
import org.openapitools.client.model.ValidateReply;

/** Asks a running service through the client that is generated from its description; the argument is its address. */
public class Ask {
    public static void main(String[] arguments) throws Exception {
        var client = new ApiClient();
        client.updateBaseUri(arguments[0]);
        var questions = new QuestionsApi(client);
        ValidateReply verdict = questions.validate("990001", "XDIS91", null, Direction.RECEIVE, null, null, "da");
        List<String> codes = verdict.getFindings().stream().map(finding -> finding.getCode()).collect(Collectors.toList());
        System.out.println(verdict.getOutcome() + " " + verdict.getArrivesAs().getText() + " " + codes);
        List<ValidateQuestion> rows = List.of(new ValidateQuestion().id("990001").messageType("DIS91"), new ValidateQuestion().id("x").messageType("DIS91"));
        System.out.println(questions.validateMany(rows, null, null, null, null, null, "da").size());
        try {
            questions.unit("x", null, "da");
        } catch (ApiException problem) {
            System.out.println(problem.getCode());
        }
    }
}
