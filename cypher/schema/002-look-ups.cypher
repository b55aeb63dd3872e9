// Properties by which nodes are looked up, as INDEXED in src/store/database.ts names them.
CREATE INDEX document_path IF NOT EXISTS FOR (n:Document) ON (n.path);
CREATE INDEX document_source IF NOT EXISTS FOR (n:Document) ON (n.source);
CREATE INDEX chunk_document IF NOT EXISTS FOR (n:Chunk) ON (n.documentId);
CREATE INDEX chunk_state IF NOT EXISTS FOR (n:Chunk) ON (n.state);
CREATE INDEX dataset_document IF NOT EXISTS FOR (n:Dataset) ON (n.documentId);
CREATE INDEX column_dataset IF NOT EXISTS FOR (n:Column) ON (n.datasetId);
CREATE INDEX column_document IF NOT EXISTS FOR (n:Column) ON (n.documentId);
CREATE INDEX entity_name_exact IF NOT EXISTS FOR (n:__Entity__) ON (n.name);
CREATE INDEX redirect_to IF NOT EXISTS FOR (n:Redirect) ON (n.to);
CREATE INDEX link_status IF NOT EXISTS FOR (n:Link) ON (n.status);
CREATE INDEX link_subject IF NOT EXISTS FOR (n:Link) ON (n.subjectId);
CREATE INDEX link_object IF NOT EXISTS FOR (n:Link) ON (n.objectId);
CREATE INDEX link_type IF NOT EXISTS FOR (n:Link) ON (n.type);
CREATE INDEX link_drawn_as IF NOT EXISTS FOR (n:Link) ON (n.drawnAs);
CREATE INDEX link_bond_one IF NOT EXISTS FOR (n:Link) ON (n.bondOne);
CREATE INDEX link_bond_other IF NOT EXISTS FOR (n:Link) ON (n.bondOther);
CREATE INDEX reply_chunk IF NOT EXISTS FOR (n:Reply) ON (n.chunkId);
CREATE INDEX reply_request IF NOT EXISTS FOR (n:Reply) ON (n.requestHash);
CREATE INDEX reply_document IF NOT EXISTS FOR (n:Reply) ON (n.documentId);
CREATE INDEX proposal_link IF NOT EXISTS FOR (n:Proposal) ON (n.linkId);
CREATE INDEX proposal_chunk IF NOT EXISTS FOR (n:Proposal) ON (n.chunkId);
CREATE INDEX proposal_reply IF NOT EXISTS FOR (n:Proposal) ON (n.replyId);
CREATE INDEX proposal_own_document IF NOT EXISTS FOR (n:Proposal) ON (n.ownDocumentId);
CREATE INDEX decision_link IF NOT EXISTS FOR (n:Decision) ON (n.linkId);
CREATE INDEX decision_request IF NOT EXISTS FOR (n:Decision) ON (n.requestId);
// The review queue: the surest links of one status first.
CREATE INDEX link_queue IF NOT EXISTS FOR (n:Link) ON (n.status, n.confidence);
