package carport;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the server said when it was ready. */
final class Ready {
    private static final JsonObject LINE = read();

    private Ready() {}

    /** The server's public address. */
    static String url() {
        return LINE.get("url").getAsString();
    }

    /** A member of its application. */
    static String application(String member) {
        JsonObject application = LINE.getAsJsonObject("application");
        if (!application.has(member)) {
            throw new AssertionError("the ready line names no " + member);
        }
        return application.get(member).getAsString();
    }

    private static JsonObject read() {
        try {
            String line = Files.readString(Path.of(System.getenv("CARPORT_READY")));
            return JsonParser.parseString(line).getAsJsonObject();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}
