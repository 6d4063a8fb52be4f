using Naru.Base;

namespace Naru.Hub.Metadata;

/// <summary>The tables, and how an older file becomes one of today.</summary>
/// <remarks>
/// <code>
/// account(id, name)                          a user, or an organisation, which nobody signs in as; version counts what ends its credentials
/// ├── member(organisation, account)          role: owner or member
/// ├── team(id, organisation, name)
/// │   ├── team_member(team, account)
/// │   └── team_grant(team, repository)       level: pull, push or admin
/// ├── token(id, account)                     personal, robot or refresh; only a hash of its secret is kept
/// ├── login(hash, account)                   a browser that is signed in
/// └── repository(id, account, name)          name is the whole path: team/app
///     ├── collaborator(repository, account)  level
///     ├── tag(repository, name) ── digest
///     ├── image(repository, digest)          a manifest that is in this repository
///     │   └── image_part(repository, digest, part)   what that manifest names: blobs and manifests
///     ├── held(repository, digest)           a blob that is in this repository, and when a push last named it
///     ├── upload(id, repository)             object: its bytes so far
///     ├── term(term, repository)             words that find it
///     └── webhook(id, repository) ── delivery(id, webhook)
/// manifest(digest)                           the bytes, shared by all repositories
/// blob(digest) ── object                     where the bytes are in the storage, shared by all repositories
/// └── layer_index(digest) ── object          the files of a layer
/// audit(id)                                  who did what, from where
/// setting(name)                              keys and switches that all processes share
/// tally(name, period)                        counts that limits depend on
/// </code>
/// Times are UTC ticks (100 ns), truths 0 or 1. <c>{id}</c> is a number that counts itself, <c>{bytes}</c> a column of bytes.
/// </remarks>
internal static class Schema
{
    /// <summary>Each step brings a database from the version that is its place in the list to the next.</summary>
    public static readonly string[] Steps =
    [
        """
        CREATE TABLE account (id {id}, name TEXT NOT NULL UNIQUE, organisation BIGINT NOT NULL, full_name TEXT NOT NULL, email TEXT NOT NULL, password TEXT,
            admin BIGINT NOT NULL DEFAULT 0, disabled BIGINT NOT NULL DEFAULT 0, private_default BIGINT NOT NULL DEFAULT 0, version BIGINT NOT NULL DEFAULT 0, quota BIGINT,
            created BIGINT NOT NULL);
        CREATE TABLE member (organisation BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE, account BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            role TEXT NOT NULL, PRIMARY KEY (organisation, account));
        CREATE INDEX member_account ON member (account);
        CREATE TABLE repository (id {id}, account BIGINT REFERENCES account (id) ON DELETE CASCADE, name TEXT NOT NULL UNIQUE, private BIGINT NOT NULL,
            description TEXT NOT NULL, readme TEXT NOT NULL, pulls BIGINT NOT NULL DEFAULT 0, mirror BIGINT NOT NULL DEFAULT 0, created BIGINT NOT NULL, pushed BIGINT);
        CREATE INDEX repository_account ON repository (account);
        CREATE INDEX repository_popular ON repository (private, pulls);
        CREATE INDEX repository_recent ON repository (private, pushed);
        CREATE TABLE team (id {id}, organisation BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE, name TEXT NOT NULL, UNIQUE (organisation, name));
        CREATE TABLE team_member (team BIGINT NOT NULL REFERENCES team (id) ON DELETE CASCADE, account BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            PRIMARY KEY (team, account));
        CREATE INDEX team_member_account ON team_member (account);
        CREATE TABLE team_grant (team BIGINT NOT NULL REFERENCES team (id) ON DELETE CASCADE, repository BIGINT NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
            level TEXT NOT NULL, PRIMARY KEY (team, repository));
        CREATE INDEX team_grant_repository ON team_grant (repository);
        CREATE TABLE collaborator (repository BIGINT NOT NULL REFERENCES repository (id) ON DELETE CASCADE, account BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            level TEXT NOT NULL, PRIMARY KEY (repository, account));
        CREATE INDEX collaborator_account ON collaborator (account);
        CREATE TABLE token (id {id}, account BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE, kind TEXT NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL UNIQUE,
            scopes TEXT NOT NULL, created BIGINT NOT NULL, expires BIGINT, used BIGINT);
        CREATE INDEX token_account ON token (account);
        CREATE TABLE login (hash TEXT PRIMARY KEY, account BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE, created BIGINT NOT NULL, seen BIGINT NOT NULL,
            expires BIGINT NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL);
        CREATE INDEX login_account ON login (account);
        CREATE TABLE blob (digest TEXT PRIMARY KEY, size BIGINT NOT NULL, object TEXT NOT NULL UNIQUE, created BIGINT NOT NULL);
        CREATE TABLE layer_index (digest TEXT PRIMARY KEY REFERENCES blob (digest) ON DELETE CASCADE, object TEXT, failure TEXT, created BIGINT NOT NULL);
        CREATE INDEX layer_index_object ON layer_index (object);
        CREATE TABLE manifest (digest TEXT PRIMARY KEY, media_type TEXT NOT NULL, content {bytes} NOT NULL, created BIGINT NOT NULL);
        CREATE TABLE held (repository BIGINT NOT NULL REFERENCES repository (id) ON DELETE CASCADE, digest TEXT NOT NULL REFERENCES blob (digest),
            named BIGINT NOT NULL, PRIMARY KEY (repository, digest));
        CREATE INDEX held_digest ON held (digest);
        CREATE TABLE image (repository BIGINT NOT NULL REFERENCES repository (id) ON DELETE CASCADE, digest TEXT NOT NULL REFERENCES manifest (digest),
            media_type TEXT NOT NULL, artifact_type TEXT, subject TEXT, size BIGINT NOT NULL, pushed BIGINT NOT NULL, named BIGINT NOT NULL, pulled BIGINT,
            PRIMARY KEY (repository, digest));
        CREATE INDEX image_digest ON image (digest);
        CREATE INDEX image_subject ON image (repository, subject);
        CREATE TABLE image_part (repository BIGINT NOT NULL, digest TEXT NOT NULL, part TEXT NOT NULL,
            PRIMARY KEY (repository, digest, part), FOREIGN KEY (repository, digest) REFERENCES image (repository, digest) ON DELETE CASCADE);
        CREATE INDEX image_part_part ON image_part (repository, part);
        CREATE TABLE tag (repository BIGINT NOT NULL REFERENCES repository (id) ON DELETE CASCADE, name TEXT NOT NULL, digest TEXT NOT NULL, pushed BIGINT NOT NULL,
            PRIMARY KEY (repository, name), FOREIGN KEY (repository, digest) REFERENCES image (repository, digest) ON DELETE CASCADE);
        CREATE INDEX tag_digest ON tag (repository, digest);
        CREATE INDEX tag_pushed ON tag (repository, pushed);
        CREATE TABLE upload (id TEXT PRIMARY KEY, repository BIGINT NOT NULL REFERENCES repository (id) ON DELETE CASCADE, account BIGINT, length BIGINT NOT NULL,
            touched BIGINT NOT NULL);
        CREATE INDEX upload_account ON upload (account);
        CREATE TABLE term (term TEXT NOT NULL, repository BIGINT NOT NULL REFERENCES repository (id) ON DELETE CASCADE, PRIMARY KEY (term, repository));
        CREATE INDEX term_repository ON term (repository);
        CREATE TABLE webhook (id {id}, repository BIGINT NOT NULL REFERENCES repository (id) ON DELETE CASCADE, url TEXT NOT NULL, secret TEXT NOT NULL,
            events TEXT NOT NULL, active BIGINT NOT NULL, created BIGINT NOT NULL);
        CREATE INDEX webhook_repository ON webhook (repository);
        CREATE TABLE delivery (id {id}, webhook BIGINT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE, event TEXT NOT NULL, body TEXT NOT NULL, created BIGINT NOT NULL,
            attempts BIGINT NOT NULL DEFAULT 0, next BIGINT, status BIGINT, failure TEXT);
        CREATE INDEX delivery_next ON delivery (next);
        CREATE INDEX delivery_webhook ON delivery (webhook, id);
        CREATE TABLE audit (id {id}, at BIGINT NOT NULL, account TEXT NOT NULL, address TEXT NOT NULL, action TEXT NOT NULL, target TEXT NOT NULL, detail TEXT NOT NULL);
        CREATE INDEX audit_target ON audit (target, id);
        CREATE INDEX audit_account ON audit (account, id);
        CREATE INDEX audit_at ON audit (at);
        CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
        """,
        """
        CREATE TABLE tally (name TEXT NOT NULL, period BIGINT NOT NULL, counted BIGINT NOT NULL, expires BIGINT NOT NULL, PRIMARY KEY (name, period));
        CREATE INDEX tally_expires ON tally (expires);
        """,
        """
        ALTER TABLE upload ADD COLUMN claimed BIGINT NOT NULL DEFAULT 0;
        """,
        """
        ALTER TABLE account ADD COLUMN description TEXT NOT NULL DEFAULT '';
        """,
    ];

    /// <summary>A step's text in a database's own words for a counting number, for bytes, and for text that is compared byte for byte.</summary>
    public static string Step(int version, string id, string bytes, string text) => Steps[version]
        .Replace("{id}", id, StringComparison.Ordinal).Replace("{bytes}", bytes, StringComparison.Ordinal).Replace(" TEXT", $" {text}", StringComparison.Ordinal);

    /// <exception cref="NaruException">FailedPrecondition: a later program wrote these tables.</exception>
    public static void CheckVersion(long version)
    {
        if (version > Steps.Length)
            throw NaruException.Precondition($"written by a later version (its tables are of version {version}, this program knows {Steps.Length})");
    }
}
