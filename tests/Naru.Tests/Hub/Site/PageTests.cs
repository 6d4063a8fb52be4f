using Naru.HubServer.Site;
using Naru.HubServer.Site.Locale;
using Naru.HubServer.Site.Models;
using Naru.HubServer.Site.Pages;

namespace Naru.Tests.Hub.Site;

public sealed class PageTests
{
    private const string Evil = "\"><script>alert(1)</script>'<img src=x>";

    private static readonly AssetFiles Assets = new();

    [Fact]
    public void A_first_visit_transfers_less_than_100_kB()
    {
        var assembly = typeof(AssetFiles).Assembly;
        var size = HomePage.Render(Shell(), SampleModels.Home).ToString().Length;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("site/", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            size += (int)stream.Length;
        }

        Assert.InRange(size, 10_000, 100_000);
    }

    [Fact]
    public void Pages_hold_no_style_and_no_program_of_their_own()
    {
        foreach (var page in Pages(Shell()))
        {
            Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<style", page, StringComparison.Ordinal);
            Assert.DoesNotContain(" onclick=", page, StringComparison.Ordinal);
            Assert.Equal(2, page.Split("<script ").Length - 1);
        }
    }

    [Fact]
    public void What_people_write_is_shown_and_not_obeyed()
    {
        var card = new RepositoryCard { Name = Evil, Description = Evil };
        var repository = new RepositoryModel { Card = card, Readme = Evil, Filter = Evil, TagCount = 1, PullTag = Evil, Tags = [new TagRow { Name = Evil, Digest = Evil, ArtifactType = Evil }] };
        var image = SampleModels.Image with
        {
            Repository = Evil,
            Reference = Evil,
            Environment = [Evil, $"A={Evil}"],
            Labels = [new(Evil, Evil)],
            Config = [new(Evil, Evil)],
            Referrers = [new(Evil, Evil, 1, DateTime.UnixEpoch)],
            OtherTags = [Evil],
            Layers = [new LayerRow { Digest = Evil, Word = Evil, Arguments = Evil }, new LayerRow { Word = Evil }],
            Files = new FilesModel { LayerDigest = Evil, Folder = Evil, Entries = [new FileRow { Name = Evil, Path = Evil, Change = FileChange.Added, Mode = Evil, Target = Evil, Folder = true }] },
        };
        var shell = Shell() with { Viewer = Evil, Query = Evil, Path = Evil, Host = Evil, Notice = Evil, Csrf = Evil };
        string[] pages =
        [
            HomePage.Render(shell, new HomeModel([card], [card], 1)).ToString(), SearchPage.Render(shell, new SearchModel(Evil, [card], 2, true)).ToString(), RepositoryPage.Render(shell, repository).ToString(),
            TagPage.Render(shell, image).ToString(), ComparePage.Render(shell, new CompareModel { Repository = Evil, From = Evil, To = Evil, Tags = [Evil], Compared = new ComparedModel { Platform = Evil, Files = [new(Evil, FileChange.Added, 1, 2)], Config = [new(Evil, Evil, Evil)], Layers = [new(ComparedSide.From, Evil, 1, Evil, Evil)] } }).ToString(),
            AccountPage.Render(shell, new AccountModel { Name = Evil, FullName = Evil, Description = Evil, MayLeave = true, Related = [Evil], Repositories = [card], MayCreate = true, MayAdminister = true, Organisation = true }).ToString(),
            SignPages.SignIn(shell, new SignModel(Evil, Evil, Evil, Evil)).ToString(), SignPages.SignUp(shell, new SignModel(Evil, Evil, Evil, Evil)).ToString(),
            SettingsPages.Tokens(shell, new SettingsModel { Name = Evil, NewToken = Evil, Failure = Evil, Tokens = [new(1, Evil, Evil, DateTime.UnixEpoch, null, null)] }).ToString(),
            SettingsPages.Sessions(shell, new SettingsModel { Name = Evil, Logins = [new(Evil, Evil, Evil, DateTime.UnixEpoch, DateTime.UnixEpoch, false)] }).ToString(),
            TeamsPage.Render(shell, new TeamsModel { Organisation = Evil, Members = [new(Evil, Evil)], Teams = [new(1, Evil, [Evil], [new(Evil, Evil)])], Failure = Evil }).ToString(),
            RepositorySettingsPage.Render(shell, new RepositorySettingsModel { Name = Evil, Description = Evil, Readme = Evil, Collaborators = [new(Evil, Evil)], Webhooks = [new(1, Evil, Evil, true, null, Evil) { Deliveries = [new(1, Evil, DateTime.UnixEpoch, 1, null, Evil, true)] }] }).ToString(),
            SettingsPages.Robots(shell, new RobotsModel { Account = Evil, NewName = Evil, NewToken = Evil, Failure = Evil, Robots = [new(1, Evil, Evil, DateTime.UnixEpoch, null, null)] }).ToString(),
            OrganisationPages.Settings(shell, new OrganisationModel { Name = Evil, FullName = Evil, Description = Evil, Email = Evil, Quota = new QuotaModel(1, 2), Failure = Evil }).ToString(),
            OrganisationPages.Activity(shell, Evil, new AuditModel { Account = Evil, Target = Evil, Action = Evil, Before = 2, Later = true, Rows = [new(DateTime.UnixEpoch, Evil, Evil, Evil, Evil, Evil)] }).ToString(),
            AdminPages.Audit(shell, new AuditModel { Account = Evil, Target = Evil, Action = Evil, Before = 2, Rows = [new(DateTime.UnixEpoch, Evil, Evil, Evil, Evil, Evil)] }).ToString(),
            AccountAdminPage.Render(shell, new AccountAdminModel { User = new UserRow(Evil + "2", Evil, Evil, false, false, true, DateTime.UnixEpoch), Quota = new QuotaModel(1, null), OwnLimit = Evil, Failure = Evil }).ToString(),
            AdminPages.Users(shell, new UsersModel([new(Evil, Evil, Evil, false, false, false, DateTime.UnixEpoch)], Evil, 2, true) { New = new SignModel(Evil, Evil) }).ToString(), ErrorPage.Render(shell, 403, Evil).ToString(),
        ];

        foreach (var page in pages)
        {
            Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
            Assert.DoesNotContain("\"\">", page.Replace("value=\"\">", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_form_that_changes_something_says_where_it_comes_from()
    {
        foreach (var page in Pages(Shell()))
        {
            foreach (var form in page.Split("<form ").Skip(1).Where(form => form.Contains("method=\"post\"", StringComparison.Ordinal) && !form.Contains("action=\"/language\"", StringComparison.Ordinal)))
                Assert.Contains("name=\"csrf\" value=\"sample\"", form[..form.IndexOf("</form>", StringComparison.Ordinal)], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_cake_has_a_slice_for_each_layer_and_a_cherry_when_it_is_signed()
    {
        var signed = TagPage.Render(Shell(), SampleModels.Image).ToString();
        var unsigned = TagPage.Render(Shell(), SampleModels.Image with { Referrers = [] }).ToString();

        Assert.Equal(5, signed.Split("class=\"slice ").Length - 1);
        Assert.Contains("class=\"cherry\"", signed, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"cherry\"", unsigned, StringComparison.Ordinal);
    }

    private static Shell Shell() => new() { Texts = Texts.English, Viewer = "keeper", Admin = true, Csrf = "sample", Host = "hub.example.org", Now = SampleModels.Now, Assets = Assets.Links };

    private static List<string> Pages(Shell shell) =>
    [
        HomePage.Render(shell, SampleModels.Home).ToString(), SearchPage.Render(shell, SampleModels.Search).ToString(), RepositoryPage.Render(shell, SampleModels.Repository).ToString(),
        TagPage.Render(shell, SampleModels.Image).ToString(), ComparePage.Render(shell, SampleModels.Compare).ToString(), AccountPage.Render(shell, SampleModels.Account).ToString(),
        SignPages.SignIn(shell, new SignModel()).ToString(), SignPages.SignUp(shell, new SignModel()).ToString(), SettingsPages.Profile(shell, SampleModels.Settings).ToString(),
        SettingsPages.Password(shell, SampleModels.Settings).ToString(), SettingsPages.Tokens(shell, SampleModels.Settings).ToString(), SettingsPages.Sessions(shell, SampleModels.Settings).ToString(),
        TeamsPage.Render(shell, SampleModels.Teams).ToString(), RepositorySettingsPage.Render(shell, SampleModels.RepositorySettings).ToString(), NewRepositoryPage.Render(shell, new NewRepositoryModel("a/b")).ToString(),
        SettingsPages.Robots(shell, SampleModels.Robots).ToString(), SettingsPages.Activity(shell, SampleModels.Audit).ToString(), OrganisationPages.Settings(shell, SampleModels.Organisation).ToString(),
        OrganisationPages.Robots(shell, SampleModels.Robots).ToString(), OrganisationPages.Activity(shell, "harbour", SampleModels.Audit).ToString(), AdminPages.Audit(shell, SampleModels.Audit).ToString(),
        AccountAdminPage.Render(shell, SampleModels.AccountAdmin).ToString(),
        AdminPages.Storage(shell, SampleModels.Admin with { Collection = new CollectionModel() }).ToString(), AdminPages.Users(shell, SampleModels.Users).ToString(), ErrorPage.Render(shell, 404).ToString(),
    ];
}
