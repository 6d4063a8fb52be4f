using Naru.HubServer.Site.Locale;

namespace Naru.HubServer.Site;

/// <summary>What every page is told besides its own model: who looks, in which language, from which address.</summary>
internal sealed record Shell
{
    public required Texts Texts { get; init; }

    /// <summary>The name of whoever is signed in; null for anybody.</summary>
    public string? Viewer { get; init; }

    public bool Admin { get; init; }

    /// <summary>Names belong to nobody and nobody signs in.</summary>
    public bool Open { get; init; }

    /// <summary>Anybody may make an account.</summary>
    public bool SignUp { get; init; } = true;

    /// <summary>The value that every form sends back, known only to pages of this browser; empty where nobody is signed in and the page has no forms for them.</summary>
    public string Csrf { get; init; } = "";

    /// <summary>This page's own path and query, to come back to.</summary>
    public string Path { get; init; } = "/";

    /// <summary>The registry's name in references: <c>hub.example.org</c>, <c>localhost:5000</c>.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>Said once above the page, after a form did its work.</summary>
    public string? Notice { get; init; }

    /// <summary>What is in the search field.</summary>
    public string Query { get; init; } = "";

    /// <summary>Now, for "3 days ago".</summary>
    public DateTime Now { get; init; } = DateTime.UtcNow;

    public required AssetLinks Assets { get; init; }
}
