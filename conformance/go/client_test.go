package hosts

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"
)

// The hosts that the SDK has built in, and how it spells the paths there (REST contract 7.5).
const (
	connectHost = "https://connect.smartcar.com/oauth/authorize"
	tokenHost   = "https://auth.smartcar.com/oauth/token/"
	apiHost     = "https://api.smartcar.com/v2.0"
)

var (
	uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	// The client of every Go program: it heeds HTTPS_PROXY and SSL_CERT_FILE, and nothing else is done to it.
	client = &http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
)

// answer is what came back, whole.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func send(t *testing.T, request *http.Request) answer {
	t.Helper()
	response, err := client.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", request.Method, request.URL, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, body}
}

func newRequest(t *testing.T, method, address string, body io.Reader) *http.Request {
	t.Helper()
	request, err := http.NewRequest(method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	return request
}

// ask sends a request of the vehicle API; body is nil or becomes JSON.
func ask(t *testing.T, method, path, token string, body interface{}) answer {
	t.Helper()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		content = bytes.NewReader(text)
	}
	request := newRequest(t, method, apiHost+path, content)
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("sc-unit-system", "metric")
	return send(t, request)
}

// post sends a form to the token endpoint, with the application's credentials as Basic.
func post(t *testing.T, secret string, form url.Values) answer {
	t.Helper()
	request := newRequest(t, "POST", tokenHost, strings.NewReader(form.Encode()))
	request.SetBasicAuth(os.Getenv("SMARTCAR_CLIENT_ID"), secret)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return send(t, request)
}

// object is the answer's body, which must have exactly these members.
func (a answer) object(t *testing.T, members ...string) map[string]interface{} {
	t.Helper()
	// The SDK takes every other status, 201 and 204 included, for a failure.
	if a.status != 200 {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	return a.members(t, members...)
}

func (a answer) members(t *testing.T, members ...string) map[string]interface{} {
	t.Helper()
	if kind := a.header.Get("content-type"); !strings.HasPrefix(kind, "application/json") {
		t.Errorf("content-type is %q", kind)
	}
	if id := a.header.Get("sc-request-id"); !uuid.MatchString(id) {
		t.Errorf("sc-request-id is %q", id)
	}
	var body map[string]interface{}
	if err := json.Unmarshal(a.body, &body); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	hasExactly(t, body, members...)
	return body
}

func hasExactly(t *testing.T, object map[string]interface{}, members ...string) {
	t.Helper()
	found := make([]string, 0, len(object))
	for member := range object {
		found = append(found, member)
	}
	sort.Strings(found)
	sort.Strings(members)
	if strings.Join(found, " ") != strings.Join(members, " ") {
		t.Errorf("members are %v, expected %v", found, members)
	}
}

// isData holds the headers of a data read against REST contract 1.5.
func (a answer) isData(t *testing.T, withUnits bool) {
	t.Helper()
	const form = "2006-01-02T15:04:05.000Z"
	measured, err := time.Parse(form, a.header.Get("sc-data-age"))
	fetched, other := time.Parse(form, a.header.Get("sc-fetched-at"))
	if err != nil || other != nil {
		t.Errorf("times: %v, %v", err, other)
	}
	if measured.After(fetched) || fetched.After(time.Now().Add(time.Second)) {
		t.Errorf("sc-data-age %v, sc-fetched-at %v", measured, fetched)
	}
	if withUnits && a.header.Get("sc-unit-system") != "metric" {
		t.Errorf("sc-unit-system is %q", a.header.Get("sc-unit-system"))
	}
}

// expected is an error of the vehicle API (REST contract 5).
type expected struct {
	status     int
	kind       string
	code       interface{}
	resolution interface{}
}

var (
	unauthenticated = expected{401, "AUTHENTICATION", nil, nil}
	notPermitted    = expected{403, "PERMISSION", nil, "REAUTHENTICATE"}
	invalid         = expected{400, "VALIDATION", nil, nil}
)

func vehicleState(code string) expected { return expected{409, "VEHICLE_STATE", code, nil} }

// fails holds an answer against the error that the contract names for it.
func (a answer) fails(t *testing.T, want expected) {
	t.Helper()
	if a.status != want.status {
		t.Fatalf("status %d, expected %d: %s", a.status, want.status, a.body)
	}
	members := []string{"type", "code", "description", "docURL", "statusCode", "requestId", "resolution"}
	if bytes.Contains(a.body, []byte(`"detail"`)) {
		members = append(members, "detail")
	}
	body := a.members(t, members...)
	isError(t, body, want)
	if body["requestId"] != a.header.Get("sc-request-id") {
		t.Errorf("requestId is %v, the header's %v", body["requestId"], a.header.Get("sc-request-id"))
	}
	if a.header.Get("retry-after") != "" {
		t.Error("retry-after on an error that is not to be retried")
	}
}

func isError(t *testing.T, body map[string]interface{}, want expected) {
	t.Helper()
	if body["type"] != want.kind || body["code"] != want.code || body["statusCode"] != float64(want.status) {
		t.Errorf("%v, %v, %v, expected %v", body["type"], body["code"], body["statusCode"], want)
	}
	resolution, ok := body["resolution"].(map[string]interface{})
	if !ok || resolution["type"] != want.resolution {
		t.Errorf("resolution is %v, expected %v", body["resolution"], want.resolution)
	}
	// The page of the error is on Carport's own address, never on Smartcar's.
	page, _ := body["docURL"].(string)
	if !strings.HasPrefix(page, ready.URL+"/docs/errors/") {
		t.Errorf("docURL is %v", page)
	}
	if description, _ := body["description"].(string); len(description) < 20 {
		t.Errorf("description is %v", description)
	}
}

// Numbers of the contract, told by what they may be.

func positive(t *testing.T, value interface{}) {
	t.Helper()
	if number, ok := value.(float64); !ok || number <= 0 {
		t.Errorf("%v is not greater than zero", value)
	}
}

func fraction(t *testing.T, value interface{}) {
	t.Helper()
	positive(t, value)
	if number, ok := value.(float64); !ok || number > 1 {
		t.Errorf("%v is no fraction", value)
	}
}

func oneOf(t *testing.T, value interface{}, allowed ...interface{}) {
	t.Helper()
	for _, one := range allowed {
		if value == one {
			return
		}
	}
	t.Errorf("%v is none of %v", value, allowed)
}
