using Naru.Tests.Hub.Site;

namespace Naru.Chain.Tests;

/// <summary>The site of the published naru-hub in a browser, with accounts, images and garbage that people make by it: <c>web/hub/tests-live</c>.</summary>
public sealed class HubSiteTests
{
    [WebFact(browser: true)]
    public async Task People_sign_up_push_share_and_administer_in_a_browser()
    {
        using var folder = new TempFolder();
        using var hub = Hub.WithAccounts(folder["data"], "keeper", "--webhook-private", "--gc-grace", "1s");

        var result = await WebTools.Run("node", ["--test", "--test-reporter=tap", "tests-live/site.test.mjs"],
            $"HUB_URL=http://{hub.Host}", $"HUB_ADMIN=keeper:{Hub.Password("keeper")}", $"CHROMIUM={WebTools.Chromium}");

        Assert.True(result.Exit == 0, WebTools.Failures(result.Output));
        Assert.Matches("# pass [1-9]", result.Output);
        var verified = hub.Run("verify");
        Assert.True(verified.Code == 0, verified.ToString());
    }
}
