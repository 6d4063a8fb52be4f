using Naru.Base.Units;
using Naru.Hub.Accounts;

namespace Naru.HubServer.Commands.Accounts;

/// <summary>naru-hub user list.</summary>
internal sealed class ListUsersCommand : AccountCommand
{
    private const int Page = 500;

    public override string Name => "user list";

    public override string Summary => "List users and organisations";

    protected override async Task Run(AccountRooms accounts, IReadOnlyList<string> arguments)
    {
        var table = new TextTable("NAME", "KIND", "STATE", "QUOTA", "CREATED", "E-MAIL", "FULL NAME");
        var after = "";
        List<Account> page;
        do
        {
            page = await accounts.Directory.List(after, Page, null, CancellationToken.None);
            foreach (var account in page)
            {
                table.Add(
                    account.Name, account.Organisation ? "organisation" : account.Admin ? "administrator" : "user", account.Disabled ? "disabled" : "enabled",
                    account.Quota is { } quota ? ByteSize.Human(quota) : "default", Moment(account.Created, ""), account.Email, account.FullName);
                after = account.Name;
            }
        }
        while (page.Count == Page);
        await Console.Out.WriteAsync(table.ToString());
    }
}
