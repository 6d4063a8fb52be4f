namespace Naru.Build.Dockerfile.Instructions;

/// <summary>A pair of ENV or LABEL.</summary>
/// <param name="IsLegacy">Written <c>key value</c>, which takes the rest of the line.</param>
public sealed record KeyValue(string Key, string Value, bool IsLegacy)
{
    public override string ToString() => IsLegacy ? $"{Key} {Value}" : $"{Key}={Value}";
}
