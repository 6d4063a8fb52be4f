using Naru.Base;
using Naru.Runtime.DBus;

namespace Naru.Tests.Runtime.DBus;

public sealed class DBusConnectionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_call_is_answered_after_other_messages()
    {
        using var peer = new FakePeer(call => [FakePeer.Signal("Other"), FakePeer.Answer(call with { Serial = 1234 }, DBusValue.Of("not yours")), FakePeer.Answer(call, DBusValue.Of("yours"))]);
        using var connection = DBusConnection.Open(peer.Path, Patience);
        Assert.Equal("yours", new DBusReader(connection.Call("d", "/p", "i.I", "Ask", DBusValue.Of(3u)).Body).Text());
        Assert.Equal("\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n", peer.Greeting);
        var call = Assert.Single(peer.Calls);
        Assert.Equal(("d", "/p", "i.I", "Ask", "u"), (call.Destination, call.Path, call.Interface, call.Member, call.Signature));
    }

    [Fact]
    public void A_signal_that_came_before_the_answer_is_not_lost()
    {
        using var peer = new FakePeer(call => [FakePeer.Signal("JobRemoved", DBusValue.Of("first")), FakePeer.Answer(call)]);
        using var connection = DBusConnection.Open(peer.Path, Patience);
        connection.Call("d", "/p", "i.I", "Ask");
        Assert.Equal("first", new DBusReader(connection.Await(signal => signal.Member == "JobRemoved", Patience)!.Body).Text());
        Assert.Null(connection.Await(signal => signal.Member == "Never", TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public void An_error_is_told_by_its_name_and_text()
    {
        using var peer = new FakePeer(call => [FakePeer.Refusal(call, "org.x.No", "not today")]);
        using var connection = DBusConnection.Open(peer.Path, Patience);
        var failure = Assert.Throws<DBusException>(() => connection.Call("d", "/p", "i.I", "Ask"));
        Assert.Equal(("org.x.No", "not today"), (failure.Name, failure.Message));
    }

    [Fact]
    public void An_answer_that_does_not_come_is_waited_for_so_long()
    {
        using var peer = new FakePeer(_ => []);
        using var connection = DBusConnection.Open(peer.Path, TimeSpan.FromMilliseconds(100));
        Assert.Equal(ErrorKind.DeadlineExceeded, Assert.Throws<NaruException>(() => connection.Call("d", "/p", "i.I", "Ask")).Kind);
    }

    [Fact]
    public void A_user_who_is_not_welcome_is_told()
    {
        using var peer = new FakePeer(_ => [], "REJECTED EXTERNAL\r\n");
        Assert.Equal(ErrorKind.PermissionDenied, Assert.Throws<NaruException>(() => DBusConnection.Open(peer.Path, Patience)).Kind);
    }
}
