using Naru.Hub.Accounts;
using Naru.HubServer.Configuration;

namespace Naru.HubServer.Commands.Accounts;

/// <summary>A verb that works on the accounts of a registry, which may be running: it sees the change within seconds.</summary>
internal abstract class AccountCommand : HubCommand
{
    public override HubFlags Flags { get; } = new();

    /// <summary>Who does it.</summary>
    protected static Caller Operator => Caller.Operator;

    protected sealed override async Task<int> Run(IReadOnlyList<string> arguments)
    {
        await using var services = await HubServices.Open(Flags);
        await Run(services.Accounts, arguments);
        return 0;
    }

    protected abstract Task Run(AccountRooms accounts, IReadOnlyList<string> arguments);

    protected static string Moment(DateTime? at, string otherwise) => at is { } time ? time.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture) : otherwise;
}
