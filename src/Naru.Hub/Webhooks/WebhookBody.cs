using System.Text.Json;
using System.Text.Json.Serialization;
using Naru.Hub.Registry;
using Naru.Oci;

namespace Naru.Hub.Webhooks;

/// <summary>What is sent: Docker Hub's form, so that what listens to that understands it, with the event's own id and the manifest's descriptor.</summary>
internal sealed record WebhookBody(string Id, string Event, WebhookPush PushData, WebhookRepository Repository, Descriptor Descriptor)
{
    /// <param name="size">Bytes of the manifest.</param>
    public static string Write(RepositoryEvent change, long size)
    {
        var name = change.Repository.Name;
        var slash = name.LastIndexOf('/');
        var space = slash < 0 ? "" : name[..slash];
        var body = new WebhookBody(
            Guid.NewGuid().ToString(),
            Word(change.Kind),
            new WebhookPush(new DateTimeOffset(change.At).ToUnixTimeSeconds(), change.Caller.Name ?? "", change.Tag, []),
            new WebhookRepository(name[(slash + 1)..], space, space.Split('/')[0], name, change.Repository.Private, "Active"),
            new Descriptor { MediaType = change.MediaType ?? MediaTypes.OciManifest, Digest = change.Digest, Size = size });
        return JsonSerializer.Serialize(body, WebhookJson.Default.WebhookBody);
    }

    public static string Word(RepositoryEventKind kind) => kind == RepositoryEventKind.Push ? "push" : "delete";
}

/// <param name="PushedAt">Seconds since 1970; of a delete, when that was.</param>
/// <param name="Tag">Null when a manifest came or went by its digest.</param>
internal sealed record WebhookPush(long PushedAt, string Pusher, string? Tag, IReadOnlyList<string> Images);

internal sealed record WebhookRepository(string Name, string Namespace, string Owner, string RepoName, bool IsPrivate, string Status);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WebhookBody))]
internal sealed partial class WebhookJson : JsonSerializerContext;
