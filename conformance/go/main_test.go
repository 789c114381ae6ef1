// Package hosts asks the hosts that Smartcar's Go SDK has built in, with the requests that it sends.
package hosts

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

var (
	worked = map[string]bool{}
	failed = map[string]bool{}
)

func TestMain(m *testing.M) {
	line, err := os.ReadFile(os.Getenv("CARPORT_READY"))
	if err == nil {
		err = json.Unmarshal(line, &ready)
	}
	if err != nil {
		fmt.Println("CARPORT_READY names no ready line; start this with `run`:", err)
		os.Exit(1)
	}
	status := m.Run()
	both := 0
	for _, one := range calls {
		if worked[one.name] && failed[one.name] {
			both++
		}
	}
	fmt.Printf("%d / %d calls of the Go SDK answered as the contract has it, on success and on failure\n", both, len(calls))
	if file := os.Getenv("CARPORT_REPORT"); file != "" {
		line := fmt.Sprintf("Go SDK (its requests, by hand)\t%d\t%d\n", both, len(calls))
		if err := note(file, line); err != nil {
			fmt.Println("the report cannot be written:", err)
			status = 1
		}
	}
	os.Exit(status)
}

func note(file, line string) error {
	report, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer report.Close()
	_, err = report.WriteString(line)
	return err
}

func TestCalls(t *testing.T) {
	for _, one := range calls {
		worked[one.name] = t.Run(one.name+"/works", one.works)
		failed[one.name] = t.Run(one.name+"/fails", one.fails)
	}
}

// The process was led here by its environment; nothing in it knows the server's address.
func TestTheEnvironmentIsAllThatLeadsHere(t *testing.T) {
	if got := os.Getenv("HTTPS_PROXY"); got == "" || got != ready.OriginalHosts.ProxyURL {
		t.Errorf("HTTPS_PROXY is %q", got)
	}
	if got := os.Getenv("SSL_CERT_FILE"); got == "" || got != ready.OriginalHosts.CaFile {
		t.Errorf("SSL_CERT_FILE is %q", got)
	}
	for _, variable := range os.Environ() {
		if strings.HasPrefix(variable, "SMARTCAR_") && strings.Contains(variable, "ORIGIN") {
			t.Errorf("%s is set", variable)
		}
	}
}

// Another host is refused by name, and the refusal is what the program's author reads.
func TestOtherHostsAreRefused(t *testing.T) {
	_, err := client.Get("https://example.org/")
	if err == nil || !strings.Contains(err.Error(), "example.org:443") || !strings.Contains(err.Error(), "NO_PROXY") {
		t.Errorf("%v", err)
	}
}
