using Naru.Tests.Hub.Metadata;
using Naru.Tests.Hub.Storage;

namespace Naru.Tests.Hub;

/// <summary>What a class of tests needs of the machine: <c>postgres</c> or <c>npm</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute(string what) : Attribute
{
    /// <summary>Why its tests are skipped; null when they are not.</summary>
    public string? Missing => what switch
    {
        "postgres" => PostgresServer.Missing,
        "npm" => S3Server.Missing,
        _ => throw new ArgumentException(what),
    };
}
