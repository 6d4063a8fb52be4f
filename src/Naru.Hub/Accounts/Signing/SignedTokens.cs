using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Naru.Hub.Accounts.Tokens;

namespace Naru.Hub.Accounts.Signing;

/// <summary>Tokens of a few minutes that carry what they are for: JSON Web Tokens (RFC 7519) signed with ES256, with the claim <c>access</c> of distribution's "Token Authentication Implementation".</summary>
/// <remarks>Besides, <c>uid</c>, <c>ver</c> and <c>tid</c> tie a token to its account and to the stored token that it was got by.</remarks>
internal sealed class SignedTokens(SigningKeys keys, TimeProvider clock)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <summary>How far another machine's clock may be off.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    /// <summary>Longer is no token of ours.</summary>
    private const int LongestText = 16 * 1024;

    /// <summary>Signatures that were found right, by the text's hash: to check one again costs more than the request that it comes with.</summary>
    private readonly Memory<Claims> verified = new(new Freshness(), clock, TimeSpan.FromSeconds(10), 4096);

    /// <param name="service">The registry's name: who issues it, and whom it is for.</param>
    public async ValueTask<string> Issue(string service, Claims claims, CancellationToken cancel)
    {
        var key = await keys.Current(cancel);
        var text = $"{Encode(writer => Header(writer, key))}.{Encode(writer => Payload(writer, service, claims))}";
        return $"{text}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(text)))}";
    }

    /// <summary>What a token says; null when it is not one of ours, or no longer.</summary>
    public async ValueTask<Claims?> Verify(string service, string token, CancellationToken cancel)
    {
        if (token.Length > LongestText)
            return null;
        var key = $"{service} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))}";
        var claims = verified.Recall(key);
        if (claims is null)
        {
            claims = await Check(service, token, cancel);
            if (claims is null)
                return null;
            verified.Keep(key, claims, 0);
        }

        var now = clock.GetUtcNow();
        return now < claims.Expires + Skew && now >= claims.Issued - Skew ? claims : null;
    }

    private async ValueTask<Claims?> Check(string service, string token, CancellationToken cancel)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || Bytes(parts[0]) is not { } header || Bytes(parts[1]) is not { } payload || Bytes(parts[2]) is not { Length: 64 } signature)
            return null;
        try
        {
            // The algorithm is ours to say: a header that names another, or none, is refused before anything is computed.
            using var head = JsonDocument.Parse(header);
            if (Text(head.RootElement, "alg") != "ES256" || Text(head.RootElement, "typ") != "JWT" || Text(head.RootElement, "kid") is not { } id)
                return null;
            if (await keys.Find(id, cancel) is not { } key || !key.Verify(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature))
                return null;
            using var body = JsonDocument.Parse(payload);
            return Text(body.RootElement, "iss") == service && Text(body.RootElement, "aud") == service ? Read(body.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Header(Utf8JsonWriter writer, SigningKey key)
    {
        writer.WriteString("alg"u8, "ES256"u8);
        writer.WriteString("typ"u8, "JWT"u8);
        writer.WriteString("kid"u8, key.Id);
    }

    private static void Payload(Utf8JsonWriter writer, string service, Claims claims)
    {
        writer.WriteString("iss"u8, service);
        writer.WriteString("sub"u8, claims.Subject);
        writer.WriteString("aud"u8, service);
        writer.WriteNumber("exp"u8, claims.Expires.ToUnixTimeSeconds());
        writer.WriteNumber("nbf"u8, claims.Issued.ToUnixTimeSeconds());
        writer.WriteNumber("iat"u8, claims.Issued.ToUnixTimeSeconds());
        writer.WriteString("jti"u8, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
        if (claims.Account is { } account)
        {
            writer.WriteNumber("uid"u8, account);
            writer.WriteNumber("ver"u8, claims.Version);
        }

        if (claims.Token is { } stored)
            writer.WriteNumber("tid"u8, stored);
        writer.WriteStartArray("access"u8);
        foreach (var entry in claims.Access)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, entry.Type);
            writer.WriteString("name"u8, entry.Name);
            writer.WriteStartArray("actions"u8);
            foreach (var action in entry.Actions)
                writer.WriteStringValue(action);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>The payload of a token whose signature is right: all of it is as it was written above.</summary>
    private static Claims Read(JsonElement body)
    {
        var access = new List<ScopeAccess>();
        foreach (var entry in body.GetProperty("access").EnumerateArray())
        {
            var actions = new List<string>();
            foreach (var action in entry.GetProperty("actions").EnumerateArray())
                actions.Add(action.GetString()!);
            access.Add(new ScopeAccess(entry.GetProperty("type").GetString()!, entry.GetProperty("name").GetString()!, actions));
        }

        return new Claims(body.GetProperty("sub").GetString()!, Number(body, "uid"), Number(body, "ver") ?? 0, Number(body, "tid"), access)
        {
            Issued = DateTimeOffset.FromUnixTimeSeconds(body.GetProperty("nbf").GetInt64()),
            Expires = DateTimeOffset.FromUnixTimeSeconds(body.GetProperty("exp").GetInt64()),
        };
    }

    private static string Encode(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }

    private static byte[]? Bytes(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetInt64() : null;
}
