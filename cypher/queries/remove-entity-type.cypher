// Takes the label of a former type away.
MATCH (n:__Entity__)
WHERE n.id IN $ids
REMOVE n:{{label}}
