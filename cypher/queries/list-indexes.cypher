// What is indexed already, so that nothing is made twice.
SHOW INDEXES YIELD name, entityType, labelsOrTypes, properties
