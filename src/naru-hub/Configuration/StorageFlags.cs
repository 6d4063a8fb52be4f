using Naru.Base;
using Naru.Base.Flags;
using Naru.Hub.Metadata;
using Naru.Hub.Storage;

namespace Naru.HubServer.Configuration;

/// <summary>Where the metadata and the blobs are: below <c>--data</c>, or in PostgreSQL and S3, which several hubs can share.</summary>
internal sealed class StorageFlags
{
    private readonly ValueFlag<string> database;
    private readonly ValueFlag<string> storage;
    private readonly ValueFlag<string> endpoint;
    private readonly ValueFlag<string> region;
    private readonly ValueFlag<bool> pathStyle;
    private readonly ValueFlag<string> accessKey;
    private readonly ValueFlag<string> secretKey;
    private readonly ValueFlag<bool> redirect;
    private readonly ValueFlag<string> clientEndpoint;

    public StorageFlags(FlagSet all)
    {
        database = all.String("database", null, "Metadata in PostgreSQL: postgres://USER:PASSWORD@HOST/DATABASE; without it, in SQLite below --data", type: "address");
        storage = all.String("storage", null, "Blobs in object storage: s3://BUCKET/PREFIX; without it, in files below --data", type: "address");
        endpoint = all.String("s3-endpoint", null, "Server of the object storage, if it is not Amazon's: https://HOST", type: "url");
        region = all.String("s3-region", null, "Region of the object storage", "us-east-1");
        pathStyle = all.Bool("s3-path-style", null, "Name the bucket in the path, as most servers but Amazon's want it");
        accessKey = all.String("s3-access-key", null, "Access key of the object storage; without it, AWS_ACCESS_KEY_ID and what Amazon's tools read");
        secretKey = all.String("s3-secret-key", null, "Its secret key; best in the configuration file");
        redirect = all.Bool("s3-redirect", null, "Send clients to the object storage for blobs");
        clientEndpoint = all.String("s3-client-endpoint", null, "Where clients reach the object storage, if not at --s3-endpoint: https://HOST", type: "url");
    }

    /// <param name="folder">What is not elsewhere is here.</param>
    /// <exception cref="NaruException">It cannot be opened.</exception>
    public async ValueTask<IDatabase> OpenDatabase(string folder, CancellationToken cancel)
    {
        if (database.Value.Length > 0)
            return await PostgresDatabase.Open(database, cancel);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new SqliteDatabase(Path.Combine(folder, "hub.db"));
    }

    /// <param name="folder">What is not elsewhere is here.</param>
    /// <exception cref="NaruException">It cannot be opened, or the flags do not fit together.</exception>
    public IBlobStorage OpenStorage(string folder)
    {
        if (storage.Value.Length == 0)
            return new FolderStorage(folder);
        if (!Uri.TryCreate(storage, UriKind.Absolute, out var address) || address.Scheme != "s3" || address.Host.Length == 0)
            throw NaruException.Invalid($"invalid --storage \"{storage.Value}\": it must be s3://BUCKET or s3://BUCKET/PREFIX");
        if (accessKey.Value.Length == 0 != (secretKey.Value.Length == 0))
            throw NaruException.Invalid("--s3-access-key and --s3-secret-key are given both or not at all");
        var prefix = address.AbsolutePath.Trim('/');
        return new S3Storage(new S3Options
        {
            Bucket = address.Host,
            Prefix = prefix.Length == 0 ? "" : prefix + "/",
            Endpoint = Address(endpoint),
            Region = region,
            PathStyle = pathStyle,
            AccessKey = accessKey.Value.Length == 0 ? null : accessKey.Value,
            SecretKey = secretKey.Value.Length == 0 ? null : secretKey.Value,
            Redirect = redirect,
            ClientEndpoint = Address(clientEndpoint),
            Spool = Path.Combine(folder, "spool"),
        });
    }

    private static Uri? Address(ValueFlag<string> flag) =>
        flag.Value.Length == 0 ? null
        : Uri.TryCreate(flag, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.PathAndQuery == "/" ? address
        : throw NaruException.Invalid($"invalid --{flag.Name} \"{flag.Value}\": it must be https://HOST or http://HOST, without a path");
}
