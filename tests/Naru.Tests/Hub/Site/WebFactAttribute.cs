namespace Naru.Tests.Hub.Site;

/// <summary>A test that builds or runs what is in <c>web/hub</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WebFactAttribute : FactAttribute
{
    /// <param name="browser">It needs a browser as well.</param>
    public WebFactAttribute(bool browser = false)
    {
        if (WebTools.NoNode is { } reason)
            Skip = reason;
        else if (browser && WebTools.Chromium is null)
            Skip = "not installed: chromium";
    }
}
