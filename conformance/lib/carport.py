"""Starts a `carport dev` of its own, opens a headless Chromium, and drives Connect."""

import contextlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import tempfile
import uuid
from urllib.parse import parse_qsl, urlsplit

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.ui import WebDriverWait

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@contextlib.contextmanager
def start_carport():
    """The ready line of a new server, which ends with the block."""
    data = tempfile.mkdtemp(prefix="carport-conformance-")
    command = [os.environ["CARPORT_BIN"], "dev", "--json", "--listen", "127.0.0.1:0"]
    server = subprocess.Popen(
        [*command, "--no-tutorial", "--data", data], stdout=subprocess.PIPE, text=True
    )
    try:
        yield {**json.loads(server.stdout.readline()), "data": data}
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(data, ignore_errors=True)


def version(package):
    """The installed version of a package."""
    return importlib.metadata.version(package)


def report(client, called, public):
    """Tells, and notes for the table of clients, how many of a client's functions worked."""
    print(f"{client}: methods called / methods public: {called}/{public}")
    if "CARPORT_REPORT" in os.environ:
        with open(os.environ["CARPORT_REPORT"], "a", encoding="utf-8") as file:
            file.write(f"{client}\t{called}\t{public}\n")


@contextlib.contextmanager
def open_browser():
    """A real browser with nothing reachable but this machine."""
    profile = tempfile.mkdtemp(prefix="carport-chromium-")
    options = webdriver.ChromeOptions()
    options.binary_location = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    for flag in [*FLAGS, f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    service = Service(os.environ.get("CHROMEDRIVER", "/usr/bin/chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    try:
        yield driver
    finally:
        driver.quit()
        shutil.rmtree(profile, ignore_errors=True)


def new_login():
    return f"{uuid.uuid4()}@email.com"


def approve(driver, url, brand="CHEVROLET", email=None, password="password"):
    """Step by step as the official Python suite does it (Connect contract A.8)."""
    wait = WebDriverWait(driver, 30)

    def present(*locator):
        # Presence only: what exists must be ready to be clicked.
        return wait.until(expected_conditions.presence_of_element_located(locator))

    driver.get(url)
    present(By.CSS_SELECTOR, "button#continue-button").click()
    present(By.CSS_SELECTOR, f"button#{brand.upper()}.brand-list-item").click()
    sign_in = present(By.ID, "sign-in-button")
    driver.find_element(By.ID, "username").send_keys(email or new_login())
    driver.find_element(By.ID, "password").send_keys(password)
    sign_in.click()
    present(By.ID, "approval-button").click()
    wait.until(expected_conditions.url_matches("example.com"))

    address = urlsplit(driver.current_url)
    assert address.netloc == "example.com", "the address matched before the redirect"
    return dict(parse_qsl(address.query, strict_parsing=True))
