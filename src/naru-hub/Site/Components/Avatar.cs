using Naru.HubServer.Site.Markup;

namespace Naru.HubServer.Site.Components;

/// <summary>A round picture of an account: its first letter, on one of the cake's colours, always the same.</summary>
internal static class Avatar
{
    private const int Colours = 7;

    public static Html Render(string name, bool large = false)
    {
        var sum = 0;
        foreach (var letter in name)
            sum = ((sum * 31) + letter) & 0xFFFF;
        return $"""
            <span class="avatar tone-{sum % Colours}{(large ? " large" : "")}" aria-hidden="true">{(name.Length > 0 ? name[..1].ToUpperInvariant() : "?")}</span>
            """;
    }
}
