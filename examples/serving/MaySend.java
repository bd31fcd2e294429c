// java MaySend.java http://127.0.0.1:8000 990001 DIS91
import java.net.*;
import java.net.http.*;

public class MaySend {
    public static void main(String[] given) throws Exception {
        String id = URLEncoder.encode(given[1], "UTF-8").replace("+", "%20"), type = URLEncoder.encode(given[2], "UTF-8").replace("+", "%20");
        var ask = HttpRequest.newBuilder(URI.create(given[0] + "/validate/" + id + "/" + type)).header("Authorization", "Bearer " + System.getenv("SOR_TOKEN")).build();
        var answer = HttpClient.newHttpClient().send(ask, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) throw new IllegalStateException(answer.body());
        System.out.println(answer.body());  // "deliverable" is the short answer; your JSON library reads the rest
    }
}
