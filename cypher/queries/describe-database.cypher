// The name of the database that a session without a name uses.
CALL db.info() YIELD name
RETURN name
