package hosts

import "testing"

// What many calls have in common.

// member is one of a body and what its value may be.
type member struct {
	name string
	is   func(*testing.T, interface{})
}

// reads expects these members and nothing else.
func reads(path string, withUnits bool, members ...member) func(*testing.T) {
	return func(t *testing.T) {
		answered := volt(t).get(t, path)
		names := make([]string, 0, len(members))
		for _, one := range members {
			names = append(names, one.name)
		}
		body := answered.object(t, names...)
		for _, one := range members {
			one.is(t, body[one.name])
		}
		answered.isData(t, withUnits)
	}
}

func boolean(t *testing.T, value interface{}) { t.Helper(); oneOf(t, value, true, false) }

func chargeState(t *testing.T, value interface{}) {
	t.Helper()
	oneOf(t, value, "CHARGING", "FULLY_CHARGED", "NOT_CHARGING")
}

func within(low, high float64) func(*testing.T, interface{}) {
	return func(t *testing.T, value interface{}) {
		t.Helper()
		if number, ok := value.(float64); !ok || number < low || number > high {
			t.Errorf("%v is not between %v and %v", value, low, high)
		}
	}
}

// commands expects the one answer that every command gives on success (REST contract 5.4).
func commands(path, action string) func(*testing.T) {
	return func(t *testing.T) {
		c := volt(t)
		body := ask(t, "POST", c.path(path), c.access, map[string]string{"action": action}).object(t, "status", "message")
		oneOf(t, body["status"], "success")
		oneOf(t, body["message"], "Successfully sent request to vehicle")
	}
}

// refuses expects a state of the car in which it does not obey, and what an unknown action gets.
func refuses(path, action, code string) func(*testing.T) {
	return func(t *testing.T) {
		c := troubled(t, "VEHICLE_STATE."+code)
		ask(t, "POST", c.path(path), c.access, map[string]string{"action": action}).fails(t, vehicleState(code))
		obedient := volt(t)
		ask(t, "POST", obedient.path(path), obedient.access, map[string]string{"action": "JUMP"}).fails(t, invalid)
	}
}

func withoutPermission(path string) func(*testing.T) {
	return func(t *testing.T) { shy(t).get(t, path).fails(t, notPermitted) }
}

func badToken(path string) func(*testing.T) {
	return func(t *testing.T) { ask(t, "GET", path, "abc", nil).fails(t, unauthenticated) }
}

func badID(path string) func(*testing.T) {
	return func(t *testing.T) {
		ask(t, "GET", "/vehicles/bad_id"+path, volt(t).access, nil).fails(t, invalid)
	}
}

// strangersCar asks for a car with the token of an owner who has another one.
func strangersCar(path string) func(*testing.T) {
	return func(t *testing.T) {
		mine, theirs := volt(t), connected(t, "FORD", "somebody.else@email.com", "read_vin")
		ask(t, "GET", theirs.path(path), mine.access, nil).fails(t, notPermitted)
	}
}
