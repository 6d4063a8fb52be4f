using System.Text.Json.Serialization;

namespace Naru.HubServer.Api;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenBody))]
internal sealed partial class TokenJson : JsonSerializerContext;

/// <summary>What <c>/token</c> answers: the same token under the name that each of the two specifications has for it.</summary>
internal sealed record TokenBody(string Token, string AccessToken, int ExpiresIn, string IssuedAt, string? RefreshToken, string Scope);
