// The types of relationship that there are, or were.
CALL db.relationshipTypes() YIELD relationshipType
RETURN relationshipType AS type
