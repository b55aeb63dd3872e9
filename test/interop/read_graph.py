"""Reads a graph that whygraph wrote with neo4j-graphrag, and prints what it found as JSON.

read_graph.py URI WORDS, with NEO4J_USERNAME and NEO4J_PASSWORD.
"""

import asyncio
import json
import os
import random
import sys

import neo4j
from neo4j_graphrag.indexes import (
    create_vector_index,
    drop_index_if_exists,
    retrieve_fulltext_index_info,
    upsert_vectors,
)
from neo4j_graphrag.llm import LLMInterface, LLMResponse
from neo4j_graphrag.retrievers import (
    HybridCypherRetriever,
    HybridRetriever,
    Text2CypherRetriever,
    VectorCypherRetriever,
)
from neo4j_graphrag.schema import get_structured_schema
from neo4j_graphrag.types import EntityType

try:
    from neo4j_graphrag.components.neo4j_reader import Neo4jChunkReader
except ImportError:
    from neo4j_graphrag.experimental.components.neo4j_reader import Neo4jChunkReader

VECTORS = "whygraph_interop_vectors"
DIMENSIONS = 16

# From a chunk to the links that rest on it: what a whygraph graph is for. A chunk that a link rests on names one of its
# ends at least: two names of one thing (SAME_AS) may be in two chunks.
LINKS_OF_CHUNK = """
MATCH (node)-[:FROM_DOCUMENT]->(document:Document)
OPTIONAL MATCH (node)<-[:FROM_CHUNK]-(named:__Entity__)-[r]-(:__Entity__)
WHERE node.id IN r.chunks
WITH node, score, document, r, startNode(r).name AS a, endNode(r).name AS b
WITH node, score, document, collect(DISTINCT a + ' ' + type(r) + ' ' + b + ': ' + r.evidence[0]) AS links
RETURN node.id AS chunk, document.path AS path, links, score
"""

SCHEMA = """
(:__Entity__ {name: STRING})-[:OWNS {evidence: LIST OF STRING}]->(:__Entity__)
"""


class Scripted(LLMInterface):
    """Answers every question with one query: no model is asked."""

    def __init__(self):
        super().__init__(model_name="scripted")

    def invoke(self, input, message_history=None, system_instruction=None, **kwargs):
        assert "OWNS" in (input if isinstance(input, str) else json.dumps(input))
        return LLMResponse(
            content="MATCH (a:__Entity__)-[r:OWNS]->(b:__Entity__) "
            "RETURN a.name AS a, b.name AS b, r.evidence[0] AS evidence ORDER BY a, b"
        )

    async def ainvoke(self, input, message_history=None, system_instruction=None, **kwargs):
        return self.invoke(input)


def rows(result, *names):
    return [{name: record[name] for name in names} for record in result.records]


def main(uri, words):
    auth = (os.environ["NEO4J_USERNAME"], os.environ["NEO4J_PASSWORD"])
    found = {}
    with neo4j.GraphDatabase.driver(uri, auth=auth) as driver:
        chunks = asyncio.run(Neo4jChunkReader(driver).run()).chunks
        found["chunks"] = [{"id": c.uid, "index": c.index, "text": c.text} for c in chunks]

        found["fulltext"] = {
            label: dict(retrieve_fulltext_index_info(driver, name, label, properties) or {})
            for label, name, properties in [
                ("Chunk", "chunk_text", ["text"]),
                ("__Entity__", "entity_name", ["name", "aliases"]),
            ]
        }
        try:
            found["schema"] = sorted(get_structured_schema(driver)["node_props"])
        except neo4j.exceptions.ClientError as error:
            found["schema"] = error.code

        by_question = Text2CypherRetriever(driver, llm=Scripted(), neo4j_schema=SCHEMA)
        found["owners"] = rows(by_question.get_search_results("Who owns what?"), "a", "b", "evidence")

        # whygraph has no embeddings of its own yet, so these are any; the nearest chunk to a chunk's vector is itself.
        chance = random.Random(6)
        vectors = {c.uid: [chance.uniform(-1, 1) for _ in range(DIMENSIONS)] for c in chunks}
        create_vector_index(driver, VECTORS, "Chunk", "embedding", DIMENSIONS, "cosine")
        try:
            ids = driver.execute_query("MATCH (c:Chunk) RETURN elementId(c) AS node, c.id AS id").records
            upsert_vectors(
                driver,
                ids=[record["node"] for record in ids],
                embedding_property="embedding",
                embeddings=[vectors[record["id"]] for record in ids],
                entity_type=EntityType.NODE,
            )
            driver.execute_query("CALL db.awaitIndexes(60)")
            one = found["chunks"][0]["id"]
            about = {"query_vector": vectors[one], "top_k": len(chunks)}
            retriever = VectorCypherRetriever(driver, VECTORS, LINKS_OF_CHUNK)
            found["asked"] = one
            found["near"] = rows(retriever.get_search_results(**about), "chunk", "path", "links")
            about |= {"query_text": words, "top_k": 3}
            hybrid = HybridCypherRetriever(driver, VECTORS, "chunk_text", LINKS_OF_CHUNK)
            found["worded"] = rows(hybrid.get_search_results(**about), "chunk", "path", "links")
            items = HybridRetriever(driver, VECTORS, "chunk_text", return_properties=["id", "text"]).search(**about).items
            found["items"] = [item.content for item in items]
        finally:
            drop_index_if_exists(driver, VECTORS)
    print(json.dumps(found))


main(*sys.argv[1:])
