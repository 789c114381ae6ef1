package hosts

import (
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
)

// call is a function of the SDK: what it sends and how it reads the answer, once on success and once
// on the failure that the contract names.
type call struct {
	name  string
	works func(*testing.T)
	fails func(*testing.T)
}

// calls are the functions of the SDK that send something, and the one that makes the Connect URL
// (REST contract 7.5, Connect contract A.2).
var calls = []call{
	{"GetAuthURL", authURLWorks, authURLFails},
	{"ExchangeCode", exchangeWorks, exchangeFails},
	{"ExchangeRefreshToken", refreshWorks, refreshFails},
	{"GetUserID", userWorks, badToken("/user/")},
	{"GetVehicleIDs", vehiclesWork, badToken("/vehicles/")},
	{"IsVINCompatible", compatibilityWorks, compatibilityFails},
	{"HasPermissions", hasPermissionsWorks, badID("/permissions")},
	{"GetPermissions", permissionsWork, strangersCar("/permissions")},
	{"GetInfo", infoWorks, withoutPermission("/")},
	{"GetVIN", vinWorks, vinFails},
	{"GetOdometer", reads("/odometer", true, member{"distance", positive}), withoutPermission("/odometer")},
	{"GetFuel", reads("/fuel", true, member{"percentRemaining", fraction}, member{"amountRemaining", positive},
		member{"range", positive}), withoutPermission("/fuel")},
	{"GetOil", reads("/engine/oil", false, member{"lifeRemaining", fraction}), withoutPermission("/engine/oil")},
	{"GetTiresPressure", reads("/tires/pressure", true, member{"frontLeft", positive}, member{"frontRight", positive},
		member{"backLeft", positive}, member{"backRight", positive}), withoutPermission("/tires/pressure")},
	{"GetBattery", reads("/battery", true, member{"percentRemaining", fraction}, member{"range", positive}),
		withoutPermission("/battery")},
	{"GetBatteryCapacity", reads("/battery/capacity", false, member{"capacity", positive}),
		withoutPermission("/battery/capacity")},
	{"GetCharge", reads("/charge", false, member{"isPluggedIn", boolean}, member{"state", chargeState}),
		withoutPermission("/charge")},
	{"GetLocation", reads("/location", false, member{"latitude", within(36, 42)}, member{"longitude", within(-110, -101)}),
		withoutPermission("/location")},
	{"Lock", commands("/security", "LOCK"), refuses("/security", "LOCK", "DOOR_OPEN")},
	{"Unlock", commands("/security", "UNLOCK"), refuses("/security", "UNLOCK", "IN_MOTION")},
	{"StartCharge", commands("/charge", "START"), refuses("/charge", "START", "CHARGING_PLUG_NOT_CONNECTED")},
	{"StopCharge", commands("/charge", "STOP"), refuses("/charge", "STOP", "NOT_CHARGING")},
	{"Disconnect", disconnectWorks, disconnectFails},
	{"Batch", batchWorks, batchFails},
}

var code = regexp.MustCompile(`^[A-Za-z0-9._~-]{36}$`)

func authorize(t *testing.T, id string) answer {
	t.Helper()
	query := url.Values{
		"response_type": {"code"}, "client_id": {id}, "redirect_uri": {os.Getenv("SMARTCAR_REDIRECT_URI")},
		"approval_prompt": {"auto"}, "scope": {scope}, "mode": {"test"}, "state": {"a b"},
	}
	return send(t, newRequest(t, "GET", connectHost+"?"+query.Encode(), nil))
}

func authURLWorks(t *testing.T) {
	begun := authorize(t, os.Getenv("SMARTCAR_CLIENT_ID"))
	// A path: the browser stays on the host that it came by.
	if location := begun.header.Get("location"); begun.status != 302 || !strings.HasPrefix(location, "/connect/") {
		t.Errorf("%d %q", begun.status, location)
	}
	if cookie := begun.header.Get("set-cookie"); strings.Contains(strings.ToLower(cookie), "domain") {
		t.Errorf("the cookie is for more than this host: %s", cookie)
	}
}

func authURLFails(t *testing.T) {
	refused := authorize(t, "00000000-0000-0000-0000-000000000000")
	if refused.status != 400 || refused.header.Get("location") != "" || refused.header.Get("set-cookie") != "" {
		t.Errorf("%d %v", refused.status, refused.header)
	}
}

func isPair(t *testing.T, a answer) map[string]interface{} {
	t.Helper()
	pair := a.object(t, "access_token", "token_type", "expires_in", "refresh_token")
	if pair["token_type"] != "Bearer" || pair["expires_in"] != 7200.0 {
		t.Errorf("%v, %v", pair["token_type"], pair["expires_in"])
	}
	for _, name := range []string{"access_token", "refresh_token"} {
		if token, _ := pair[name].(string); !code.MatchString(token) {
			t.Errorf("%s has another form", name)
		}
	}
	return pair
}

// isRefused holds an answer against an OAuth error (Connect contract B.6).
func isRefused(t *testing.T, a answer, status int, kind, description string) {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	body := a.members(t, "error", "error_description")
	if body["error"] != kind || (description != "" && body["error_description"] != description) {
		t.Errorf("%v", body)
	}
}

func exchangeWorks(t *testing.T) { isPair(t, exchange(t, codeFor(t, "CHEVROLET", owner(t), scope))) }

func exchangeFails(t *testing.T) {
	isRefused(t, exchange(t, "bad code"), 400, "invalid_request", "Invalid code: bad code.")
	form := url.Values{"grant_type": {"authorization_code"}, "code": {"any"}}
	isRefused(t, post(t, "wrong", form), 401, "invalid_client", "")
}

func refresh(t *testing.T, token string) answer {
	t.Helper()
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}
	return post(t, os.Getenv("SMARTCAR_CLIENT_SECRET"), form)
}

func refreshWorks(t *testing.T) {
	first := volt(t)
	pair := isPair(t, refresh(t, first.refresh))
	if pair["access_token"] == first.access || pair["refresh_token"] == first.refresh {
		t.Error("a token came back")
	}
	user := func(token string) interface{} { return ask(t, "GET", "/user/", token, nil).object(t, "id")["id"] }
	if user(first.access) != user(pair["access_token"].(string)) {
		t.Error("the user is another one")
	}
}

func refreshFails(t *testing.T) {
	isRefused(t, refresh(t, "bad-token"), 400, "invalid_request", "Invalid refresh_token: bad-token.")
}

func userWorks(t *testing.T) {
	id, _ := ask(t, "GET", "/user/", volt(t).access, nil).object(t, "id")["id"].(string)
	if !uuid.MatchString(id) {
		t.Errorf("id is %q", id)
	}
}

func vehiclesWork(t *testing.T) {
	many := connected(t, "CHEVROLET", "12-vehicles@smartcar.com", "read_vin")
	body := ask(t, "GET", "/vehicles/", many.access, nil).object(t, "vehicles", "paging")
	// The SDK cannot ask for another page.
	if vehicles := body["vehicles"].([]interface{}); len(vehicles) != 10 {
		t.Errorf("%d vehicles", len(vehicles))
	}
	paging := body["paging"].(map[string]interface{})
	hasExactly(t, paging, "count", "offset")
	if paging["count"] != 12.0 || paging["offset"] != 0.0 {
		t.Errorf("%v", paging)
	}
}

func compatibility(t *testing.T, vin, secret string) answer {
	t.Helper()
	query := url.Values{"vin": {vin}, "scope": {"read_odometer read_location"}, "country": {"US"}}
	request := newRequest(t, "GET", apiHost+"/compatibility/?"+query.Encode(), nil)
	request.SetBasicAuth(os.Getenv("SMARTCAR_CLIENT_ID"), secret)
	return send(t, request)
}

func compatibilityWorks(t *testing.T) {
	secret := os.Getenv("SMARTCAR_CLIENT_SECRET")
	body := compatibility(t, "5YJXCDE22HF068739", secret).object(t, "compatible", "reason", "capabilities")
	if body["compatible"] != true || body["reason"] != nil {
		t.Errorf("%v", body)
	}
	capabilities := body["capabilities"].([]interface{})
	if len(capabilities) != 2 {
		t.Fatalf("%v", capabilities)
	}
	for at, path := range []string{"/odometer", "/location"} {
		one := capabilities[at].(map[string]interface{})
		hasExactly(t, one, "permission", "endpoint", "capable", "reason")
		if one["endpoint"] != path || one["capable"] != true || one["reason"] != nil {
			t.Errorf("%v", one)
		}
	}
}

func compatibilityFails(t *testing.T) {
	compatibility(t, "5YJXCDE22HF068739", "wrong").fails(t, unauthenticated)
	compatibility(t, "SHORT", os.Getenv("SMARTCAR_CLIENT_SECRET")).fails(t, invalid)
}

func permissionsOf(t *testing.T, c car) []interface{} {
	t.Helper()
	body := c.get(t, "/permissions").object(t, "permissions", "paging")
	return body["permissions"].([]interface{})
}

// HasPermissions strips `required:` from what it is asked for and looks each up in the list.
func hasPermissionsWorks(t *testing.T) {
	granted := permissionsOf(t, volt(t))
	for _, wanted := range strings.Split(strings.ReplaceAll(scope, "required:", ""), " ") {
		oneOf(t, wanted, granted...)
	}
}

func permissionsWork(t *testing.T) {
	if granted := permissionsOf(t, shy(t)); len(granted) != 1 || granted[0] != "read_vin" {
		t.Errorf("%v", granted)
	}
}

func infoWorks(t *testing.T) {
	c := volt(t)
	body := c.get(t, "/").object(t, "id", "make", "model", "year")
	year, _ := body["year"].(float64)
	if body["id"] != c.id || body["make"] != "CHEVROLET" || body["model"] != "Volt" || year != float64(int(year)) || year < 1990 {
		t.Errorf("%v", body)
	}
}

func vinWorks(t *testing.T) {
	vin, _ := shy(t).get(t, "/vin").object(t, "vin")["vin"].(string)
	if !regexp.MustCompile(`^0SC[A-Z0-9]{14}$`).MatchString(vin) {
		t.Error("the VIN has another form")
	}
}

func vinFails(t *testing.T) {
	c := connected(t, "CHEVROLET", owner(t), "read_odometer")
	c.get(t, "/vin").fails(t, notPermitted)
}

// With a second car: the token of an owner who has none left ends with the last one.
func disconnectWorks(t *testing.T) {
	c := connected(t, "CHEVROLET", "2-vehicles@smartcar.com", "read_odometer")
	body := ask(t, "DELETE", c.path("/application"), c.access, nil).object(t, "status")
	oneOf(t, body["status"], "success")
	c.get(t, "/odometer").fails(t, notPermitted)
	left := ask(t, "GET", "/vehicles/", c.access, nil).object(t, "vehicles", "paging")["vehicles"].([]interface{})
	if len(left) != 1 || left[0] == c.id {
		t.Fatalf("%v", left)
	}
	c.id = left[0].(string)
	c.get(t, "/odometer").object(t, "distance")
}

func disconnectFails(t *testing.T) {
	c := volt(t)
	ask(t, "DELETE", c.path("/application"), "abc", nil).fails(t, unauthenticated)
	c.get(t, "/odometer").object(t, "distance")
}

func batch(t *testing.T, c car, paths ...string) answer {
	t.Helper()
	requests := make([]map[string]string, 0, len(paths))
	for _, path := range paths {
		requests = append(requests, map[string]string{"path": path})
	}
	return ask(t, "POST", c.path("/batch"), c.access, map[string]interface{}{"requests": requests})
}

func items(t *testing.T, a answer) []map[string]interface{} {
	t.Helper()
	var all []map[string]interface{}
	for _, one := range a.object(t, "responses")["responses"].([]interface{}) {
		item := one.(map[string]interface{})
		hasExactly(t, item, "path", "code", "body", "headers")
		all = append(all, item)
	}
	return all
}

func batchWorks(t *testing.T) {
	all := items(t, batch(t, volt(t), "/odometer", "tires/pressure", "/", "/battery"))
	expected := map[string][]string{
		"/odometer":       {"distance"},
		"/tires/pressure": {"frontLeft", "frontRight", "backLeft", "backRight"},
		"/":               {"id", "make", "model", "year"},
		"/battery":        {"percentRemaining", "range"},
	}
	for at, path := range []string{"/odometer", "/tires/pressure", "/", "/battery"} {
		if all[at]["path"] != path || all[at]["code"] != 200.0 {
			t.Errorf("%v", all[at])
		}
		hasExactly(t, all[at]["body"].(map[string]interface{}), expected[path]...)
	}
	headers := all[0]["headers"].(map[string]interface{})
	hasExactly(t, headers, "sc-data-age", "sc-fetched-at", "sc-unit-system")
}

func batchFails(t *testing.T) {
	c := shy(t)
	batch(t, c, "/vin", "/no_such_path").fails(t, invalid)
	batch(t, c).fails(t, invalid)
	// A missing permission is nobody else's business.
	answered := batch(t, c, "/vin", "/odometer")
	all := items(t, answered)
	if all[0]["code"] != 200.0 || all[1]["code"] != 403.0 {
		t.Fatalf("%v", all)
	}
	nested := all[1]["body"].(map[string]interface{})
	isError(t, nested, notPermitted)
	if nested["requestId"] != answered.header.Get("sc-request-id") {
		t.Error("the item has a request id of its own")
	}
}
