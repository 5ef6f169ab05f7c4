-- voiceagent: an AI calling platform inside PostgreSQL.
\echo Use "CREATE EXTENSION voiceagent CASCADE" to load this file. \quit
