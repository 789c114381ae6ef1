package hosts

import (
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// ready is the ready line of the server that the suite has started.
var ready struct {
	URL           string `json:"url"`
	OriginalHosts struct {
		ProxyURL string `json:"proxyUrl"`
		CaFile   string `json:"caFile"`
	} `json:"originalHosts"`
}

// Every permission that a call of the SDK needs.
const scope = "required:read_vehicle_info read_vin read_odometer read_location read_fuel read_battery " +
	"read_charge read_engine_oil read_tires control_security control_charge"

// car is one that its owner has shared.
type car struct {
	id, access, refresh string
}

func (c car) get(t *testing.T, path string) answer {
	t.Helper()
	return ask(t, "GET", c.path(path), c.access, nil)
}

func (c car) path(path string) string { return "/vehicles/" + c.id + path }

// codeFor lets an owner consent, without a browser.
func codeFor(t *testing.T, brand, user, scope string) string {
	t.Helper()
	command := exec.Command(os.Getenv("CARPORT_BIN"), "connect", "--json",
		"--app", os.Getenv("SMARTCAR_CLIENT_ID"), "--brand", brand, "--user", user, "--scope", scope)
	command.Stderr = os.Stderr
	printed, err := command.Output()
	if err != nil {
		t.Fatalf("carport connect: %v", err)
	}
	var consent struct {
		RedirectURL string `json:"redirectUrl"`
	}
	if err := json.Unmarshal(printed, &consent); err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(consent.RedirectURL)
	if err != nil || address.Query().Get("code") == "" {
		t.Fatalf("%v: %s", err, printed)
	}
	return address.Query().Get("code")
}

func exchange(t *testing.T, code string) answer {
	t.Helper()
	return post(t, os.Getenv("SMARTCAR_CLIENT_SECRET"), url.Values{
		"grant_type":   {"authorization_code"},
		"code":         {code},
		"redirect_uri": {os.Getenv("SMARTCAR_REDIRECT_URI")},
	})
}

// connected is the first car of an owner who has consented.
func connected(t *testing.T, brand, user, scope string) car {
	t.Helper()
	tokens := exchange(t, codeFor(t, brand, user, scope)).object(t,
		"access_token", "token_type", "expires_in", "refresh_token")
	c := car{access: tokens["access_token"].(string), refresh: tokens["refresh_token"].(string)}
	list := ask(t, "GET", "/vehicles/", c.access, nil).object(t, "vehicles", "paging")
	c.id = list["vehicles"].([]interface{})[0].(string)
	return c
}

// volt is a car that can everything.
func volt(t *testing.T) car {
	t.Helper()
	return connected(t, "CHEVROLET", owner(t), scope)
}

// shy is a car of which nothing but the VIN may be known.
func shy(t *testing.T) car {
	t.Helper()
	return connected(t, "CHEVROLET", owner(t), "read_vin")
}

// troubled is a car that answers every request with this error.
func troubled(t *testing.T, kindAndCode string) car {
	t.Helper()
	return connected(t, "CHEVROLET", kindAndCode+"@smartcar.com", scope)
}

// owner is somebody else in each test.
func owner(t *testing.T) string {
	name := strings.NewReplacer("/", ".", " ", ".").Replace(t.Name())
	return strings.ToLower(name) + "@email.com"
}
