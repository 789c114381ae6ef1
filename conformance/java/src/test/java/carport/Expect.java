package carport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.smartcar.sdk.SmartcarException;
import com.smartcar.sdk.data.ApiData;
import com.smartcar.sdk.data.Meta;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Date;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.function.Executable;

/** What the contract says, held against what the SDK shows. */
final class Expect {
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private Expect() {}

    /** An error of the vehicle API (REST contract 5.1 and 5.3); code and resolution may be null. */
    static SmartcarException fails(int status, String type, String code, String resolution, Executable call) {
        SmartcarException error = assertThrows(SmartcarException.class, call);
        assertEquals(type, error.getType(), error.getMessage());
        assertEquals(status, error.getStatusCode());
        assertEquals(code, error.getCode());
        assertEquals(resolution, error.getResolutionType());
        assertTrue(error.getDescription().length() > 20, error.getDescription());
        assertEquals(type + ":" + code + " - " + error.getDescription(), error.getMessage());
        assertTrue(error.getRequestId().matches(UUID), error.getRequestId());
        String anchor = code == null ? "" : "#" + kebab(code);
        assertEquals(Ready.url() + "/docs/errors/" + kebab(type) + anchor, error.getDocURL());
        return error;
    }

    static void notPermitted(Executable call) {
        assertNull(fails(403, "PERMISSION", null, "REAUTHENTICATE", call).getResolutionUrl());
    }

    static void unauthenticated(Executable call) {
        fails(401, "AUTHENTICATION", null, null, call);
    }

    static SmartcarException invalid(Executable call) {
        return fails(400, "VALIDATION", null, null, call);
    }

    /** An OAuth error has neither page nor code (Connect contract B.6). */
    static void refused(int status, String type, String description, Executable call) {
        SmartcarException error = assertThrows(SmartcarException.class, call);
        assertEquals(status, error.getStatusCode());
        assertEquals(type, error.getType());
        assertNull(error.getCode());
        assertEquals("", error.getDocURL());
        assertTrue(error.getRequestId().matches(UUID), error.getRequestId());
        if (description != null) {
            assertEquals(description, error.getDescription());
            assertEquals(type + ":null - " + description, error.getMessage());
        }
    }

    /** Every value that an answer has a getter for must pass the check of its name, and no other may be there. */
    static void values(ApiData<?> answer, Map<String, Consumer<Object>> checks) throws Exception {
        Map<String, Object> values = members(answer);
        assertEquals(new TreeMap<>(checks).keySet(), values.keySet());
        for (Map.Entry<String, Consumer<Object>> check : checks.entrySet()) {
            check.getValue().accept(values.get(check.getKey()));
        }
        assertFalse(answer.toString().isBlank());
    }

    private static Map<String, Object> members(Object answer) throws Exception {
        Map<String, Object> members = new TreeMap<>();
        for (Method method : answer.getClass().getMethods()) {
            String name = method.getName();
            boolean getter = name.startsWith("get") && method.getParameterCount() == 0
                    && !Modifier.isStatic(method.getModifiers()) && !method.isBridge();
            if (getter && !name.equals("getClass") && !name.equals("getMeta")) {
                members.put(Character.toLowerCase(name.charAt(3)) + name.substring(4), method.invoke(answer));
            }
        }
        return members;
    }

    /** The headers of an answer, as the SDK hands them out (REST contract 1.5). */
    static void meta(ApiData<?> answer, boolean isData, String unitSystem) throws SmartcarException {
        Meta meta = answer.getMeta();
        assertTrue(meta.getRequestId().matches(UUID), meta.getRequestId());
        age(meta, isData);
        if (unitSystem != null) {
            assertEquals(unitSystem, meta.getUnitSystem());
        }
    }

    static void age(Meta meta, boolean isData) throws SmartcarException {
        Date age = meta.getDataAge();
        if (isData) {
            assertNotNull(age);
            assertTrue(age.getTime() <= System.currentTimeMillis() + 1000, age.toString());
        } else {
            assertNull(age);
        }
    }

    static Consumer<Object> positive() {
        return value -> assertTrue(((Number) value).doubleValue() > 0, String.valueOf(value));
    }

    static Consumer<Object> between(double low, double high) {
        return value -> {
            double number = ((Number) value).doubleValue();
            assertTrue(number >= low && number <= high, String.valueOf(value));
        };
    }

    static Consumer<Object> fraction() {
        return positive().andThen(between(0, 1));
    }

    static Consumer<Object> matching(String pattern) {
        return value -> assertTrue(String.valueOf(value).matches(pattern), String.valueOf(value));
    }

    static Consumer<Object> uuid() {
        return matching(UUID);
    }

    static Consumer<Object> equal(Object expected) {
        return value -> assertEquals(expected, value);
    }

    private static String kebab(String name) {
        return name.toLowerCase().replace('_', '-');
    }
}
