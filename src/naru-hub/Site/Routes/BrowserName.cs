namespace Naru.HubServer.Site.Routes;

/// <summary>A User-Agent as people would say it: <c>Firefox · Linux</c>.</summary>
internal static class BrowserName
{
    // In this order: later ones pretend to be earlier ones.
    private static readonly string[] Browsers = ["Edg", "Edge", "OPR", "Opera", "SamsungBrowser", "Samsung Internet", "Whale", "Whale", "Firefox", "Firefox", "Chrome", "Chrome", "Safari", "Safari", "curl", "curl"];
    private static readonly string[] Systems = ["iPhone", "iPhone", "iPad", "iPad", "Android", "Android", "Windows", "Windows", "Mac OS", "macOS", "CrOS", "ChromeOS", "Linux", "Linux"];

    public static string Of(string agent)
    {
        var (browser, system) = (First(agent, Browsers), First(agent, Systems));
        return (browser, system) switch
        {
            (null, null) => agent.Length == 0 ? "?" : agent.Length > 40 ? $"{agent[..40]}…" : agent,
            (null, _) => system,
            (_, null) => browser,
            _ => $"{browser} · {system}",
        };
    }

    private static string? First(string agent, string[] signsAndNames)
    {
        for (var i = 0; i < signsAndNames.Length; i += 2)
        {
            if (agent.Contains(signsAndNames[i], StringComparison.Ordinal))
                return signsAndNames[i + 1];
        }

        return null;
    }
}
