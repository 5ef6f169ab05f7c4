/*
 * 39_knowledge: what assistants may tell people: documents of a tenant, cut
 * into passages, and the words by which passages are found.
 *
 * Only the current version of a document has passages and words; an earlier
 * one is a row with its digest.  An assistant's documents stand in its own
 * prompt, whose version never changes.
 *
 * A change of documents holds the tenant's row of knowledge_totals first,
 * so limits are counted by one transaction at a time; then the document's row.
 */

CREATE TABLE voiceagent_private.knowledge_totals (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	documents integer NOT NULL DEFAULT 0 CHECK (documents >= 0),
	passages integer NOT NULL DEFAULT 0 CHECK (passages >= 0),
	PRIMARY KEY (tenant_id)
);
COMMENT ON TABLE voiceagent_private.knowledge_totals IS
	'How much knowledge a tenant has; locked by whoever changes its documents.';
COMMENT ON COLUMN voiceagent_private.knowledge_totals.documents IS 'Documents there are.';
COMMENT ON COLUMN voiceagent_private.knowledge_totals.passages IS 'Passages of all of them.';
SELECT voiceagent_private.guard_table('voiceagent_private.knowledge_totals', 'internal');

CREATE TABLE voiceagent.knowledge_documents (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	document_id bigint GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	kind text NOT NULL CHECK (kind IN ('text', 'markdown', 'csv', 'page')),
	language text NOT NULL CHECK (length(language) BETWEEN 2 AND 35),
	url text CHECK (length(url) BETWEEN 1 AND 2000),
	version integer NOT NULL DEFAULT 0 CHECK (version >= 0),
	passages integer NOT NULL DEFAULT 0 CHECK (passages >= 0),
	status text NOT NULL CHECK (status IN ('ready', 'fetching', 'failed')),
	status_reason text,
	created_at timestamptz NOT NULL,
	updated_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, document_id),
	CHECK ((kind = 'page') = (url IS NOT NULL)),
	CHECK (kind = 'page' OR status = 'ready')
);
COMMENT ON TABLE voiceagent.knowledge_documents IS
	'Documents that assistants may draw on: what a tenant has written, and pages of its sites.';
COMMENT ON COLUMN voiceagent.knowledge_documents.document_id IS 'Number of the document.';
COMMENT ON COLUMN voiceagent.knowledge_documents.name IS 'Name, for people; a prompt names it as the source.';
COMMENT ON COLUMN voiceagent.knowledge_documents.kind IS
	'text, markdown, csv (questions with answers, or rows) or page (the text of a web page).';
COMMENT ON COLUMN voiceagent.knowledge_documents.language IS
	'BCP 47 tag of its language: words are found in their forms in English, Spanish, French and German.';
COMMENT ON COLUMN voiceagent.knowledge_documents.url IS 'Where a page is fetched from; NULL: it is none.';
COMMENT ON COLUMN voiceagent.knowledge_documents.version IS
	'The current version; 0: a page that has not been read yet.';
COMMENT ON COLUMN voiceagent.knowledge_documents.passages IS 'Passages of the current version.';
COMMENT ON COLUMN voiceagent.knowledge_documents.status IS
	'ready; fetching (a page is being read), failed (it could not be; an earlier version stays in use).';
COMMENT ON COLUMN voiceagent.knowledge_documents.status_reason IS 'Why a page could not be read; NULL: it could.';
COMMENT ON COLUMN voiceagent.knowledge_documents.updated_at IS 'When the current version was written.';
SELECT voiceagent_private.guard_table('voiceagent.knowledge_documents', 'tenant');

CREATE TABLE voiceagent.knowledge_versions (
	tenant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	version integer NOT NULL,
	sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
	bytes integer NOT NULL,
	passages integer NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, document_id, version),
	FOREIGN KEY (tenant_id, document_id) REFERENCES voiceagent.knowledge_documents
);
COMMENT ON TABLE voiceagent.knowledge_versions IS
	E'Versions of documents, by their digests.\n'
	'Only the current one has passages.';
COMMENT ON COLUMN voiceagent.knowledge_versions.version IS
	E'1, 2, 3, ...\n'
	'for each document.';
COMMENT ON COLUMN voiceagent.knowledge_versions.sha256 IS 'SHA-256 of the document''s text in UTF-8.';
COMMENT ON COLUMN voiceagent.knowledge_versions.bytes IS 'Length of the text.';
COMMENT ON COLUMN voiceagent.knowledge_versions.passages IS 'Passages that it was cut into.';
CREATE INDEX knowledge_versions_created ON voiceagent.knowledge_versions (tenant_id, created_at);
CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON voiceagent.knowledge_versions
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.reject_change();
SELECT voiceagent_private.guard_table('voiceagent.knowledge_versions', 'tenant');
INSERT INTO voiceagent_private.retention_classes (class, description, tab, ended, condition) VALUES
	('knowledge_versions', 'Digests of documents'' former versions', 'voiceagent.knowledge_versions', 'created_at',
	'o.version < (SELECT d.version FROM voiceagent.knowledge_documents d
		WHERE d.tenant_id = o.tenant_id AND d.document_id = o.document_id)');

CREATE TABLE voiceagent.knowledge_passages (
	tenant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	passage integer NOT NULL,
	heading text NOT NULL,
	body text NOT NULL,
	PRIMARY KEY (tenant_id, document_id, passage),
	FOREIGN KEY (tenant_id, document_id) REFERENCES voiceagent.knowledge_documents
);
COMMENT ON TABLE voiceagent.knowledge_passages IS 'Passages of the current versions of documents, in their order.';
COMMENT ON COLUMN voiceagent.knowledge_passages.passage IS
	E'1, 2, 3, ...\n'
	'for each document.';
COMMENT ON COLUMN voiceagent.knowledge_passages.heading IS
	'The headings that it stands below, or the question that it answers; empty: none.';
COMMENT ON COLUMN voiceagent.knowledge_passages.body IS 'Its text.';
SELECT voiceagent_private.guard_table('voiceagent.knowledge_passages', 'tenant');

CREATE TABLE voiceagent_private.knowledge_words (
	tenant_id bigint NOT NULL,
	word text COLLATE "C" NOT NULL,
	document_id bigint NOT NULL,
	found integer NOT NULL,
	passages integer[] NOT NULL,
	weights real[] NOT NULL,
	PRIMARY KEY (tenant_id, document_id, word),
	FOREIGN KEY (tenant_id, document_id) REFERENCES voiceagent.knowledge_documents,
	CHECK (found = cardinality(passages) AND found = cardinality(weights))
);
-- Numbers compress badly, and a question reads them all.
ALTER TABLE voiceagent_private.knowledge_words ALTER COLUMN passages SET STORAGE EXTERNAL,
	ALTER COLUMN weights SET STORAGE EXTERNAL;
COMMENT ON TABLE voiceagent_private.knowledge_words IS
	E'Which words stand in which passages.\n'
	'Rows under a btree, because the operators of full-text search are not leakproof: under row-level security no '
	'GIN index would serve them.';
COMMENT ON COLUMN voiceagent_private.knowledge_words.word IS
	'A word''s stem, without accents, of 64 characters at most.';
COMMENT ON COLUMN voiceagent_private.knowledge_words.found IS 'In how many passages of the document it stands.';
COMMENT ON COLUMN voiceagent_private.knowledge_words.passages IS 'These passages, the one it says most of first.';
COMMENT ON COLUMN voiceagent_private.knowledge_words.weights IS
	'The word''s weight in each of them: how often it occurs there, for the passage''s length.';
SELECT voiceagent_private.guard_table('voiceagent_private.knowledge_words', 'internal');
