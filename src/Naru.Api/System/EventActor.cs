namespace Naru.Api;

/// <summary>What an event happened to.</summary>
public sealed record EventActor
{
    public string ID { get; init; } = "";
    public SortedDictionary<string, string> Attributes { get; init; } = [];
}
