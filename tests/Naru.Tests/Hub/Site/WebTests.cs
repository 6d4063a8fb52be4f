using Naru.Tests.House;

namespace Naru.Tests.Hub.Site;

/// <summary>The front end: built as it is checked in, and tried in a browser on every page (<c>web/hub/tests</c>).</summary>
public sealed class WebTests
{
    [WebFact]
    public async Task The_built_files_are_those_of_the_sources()
    {
        var built = Directory.CreateTempSubdirectory("naru-web-").FullName;
        try
        {
            var types = await WebTools.Run("node", ["node_modules/typescript/bin/tsc", "--noEmit"]);
            Assert.True(types.Exit == 0, types.Output);
            var build = await WebTools.Run("node", ["node_modules/vite/bin/vite.js", "build", "--outDir", built, "--logLevel", "error"]);
            Assert.True(build.Exit == 0, build.Output);

            var kept = Path.Combine(Repository.Root, "src/naru-hub/Site/Assets");
            Assert.Equal(Names(built), Names(kept));
            foreach (var name in Names(built))
                Assert.True(File.ReadAllBytes(Path.Combine(built, name)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(kept, name))), $"{name} is older than web/hub: run `npm ci && npm run build` there");
        }
        finally
        {
            Directory.Delete(built, recursive: true);
        }
    }

    [WebFact(browser: true)]
    public async Task Every_page_is_fit_for_a_browser_in_both_languages()
    {
        await using var site = await SampleSite.Start();
        var tests = Directory.GetFiles(Path.Combine(WebTools.Folder, "tests"), "*.test.mjs");

        var result = await WebTools.Run("node", ["--test", "--test-reporter=tap", .. tests], $"HUB_URL={site.Address}", $"CHROMIUM={WebTools.Chromium}");

        Assert.True(result.Exit == 0, WebTools.Failures(result.Output));
        Assert.Matches("# pass [1-9]", result.Output);
    }

    private static string[] Names(string folder) => [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
