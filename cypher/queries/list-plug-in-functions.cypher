// Functions that plug-ins brought.
SHOW USER DEFINED FUNCTIONS YIELD name
