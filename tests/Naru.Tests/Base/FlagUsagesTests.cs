using Naru.Base.Flags;

namespace Naru.Tests.Base;

public sealed class FlagUsagesTests
{
    [Fact]
    public void Usages_align_wrap_and_name_their_defaults()
    {
        var flags = new FlagSet();
        flags.Bool("quiet", 'q', "Only display IDs");
        flags.String("pull", null, "Pull image before running (\"always\", \"missing\", \"never\")", "missing");
        flags.String("secret", null, "Never shown", hidden: true);
        flags.Int("last", 'n', "Show `n` last", -1);
        Assert.Equal(
            """
              -n, --last n        Show n last (default -1)
                  --pull string   Pull image before running
                                  ("always", "missing",
                                  "never") (default "missing")
              -q, --quiet         Only display IDs

            """, FlagUsages.Format(flags.All, 56));
    }

    [Fact]
    public void Hangul_counts_two_columns()
    {
        var flags = new FlagSet();
        flags.Bool("a", null, "가나다라 마바사아 자차카타 파하가나 다라마바");
        Assert.Equal("      --a   가나다라 마바사아 자차카타\n            파하가나 다라마바\n", FlagUsages.Format(flags.All, 49));
    }
}
