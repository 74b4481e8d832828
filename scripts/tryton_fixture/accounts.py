"""Who can log in. The server listens on loopback only and holds invented data: these secrets are public."""

DATABASE = "erp"

PASSWORDS = {
    "admin": "tryton-admin-1",  # administrator
    "integration": "tryton-integration-1",  # what a connector uses
    "viewer": "tryton-viewer-1",  # a user without any group
}

# Keys of `res.user.application`, application "rest".
REST_KEYS = {
    "integration": "rest-integration-" + "0123456789abcdef" * 4,
    "viewer": "rest-viewer-" + "0123456789abcdef" * 4,
}
