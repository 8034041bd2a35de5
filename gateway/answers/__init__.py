"""The answers: one plain function a route, from what was asked to what is given."""
