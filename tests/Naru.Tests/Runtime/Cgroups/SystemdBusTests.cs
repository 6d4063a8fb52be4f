using Naru.Base;
using Naru.Runtime.Cgroups;
using Naru.Runtime.DBus;
using Naru.Tests.Runtime.DBus;

namespace Naru.Tests.Runtime.Cgroups;

public sealed class SystemdBusTests
{
    [Fact]
    public void A_unit_is_there_once_its_job_is_done()
    {
        using var peer = new FakePeer(call => [FakePeer.Answer(call, Job("/job/1")), Removed("/job/7", "failed"), Removed("/job/1", "done")]);
        using (var bus = SystemdBus.At(peer.Path))
            bus.Start("p-x.scope", [("Delegate", DBusValue.Of(true))]);
        var call = Assert.Single(peer.Calls);
        Assert.Equal(("StartTransientUnit", "ssa(sv)a(sa(sv))", "org.freedesktop.systemd1.Manager"), (call.Member, call.Signature, call.Interface));
        var body = new DBusReader(call.Body);
        Assert.Equal(("p-x.scope", "replace"), (body.Text(), body.Text()));
    }

    [Fact]
    public void A_failed_unit_of_the_same_name_is_cleared_away_once()
    {
        var starts = 0;
        using var peer = new FakePeer(call => call.Member switch
        {
            "StartTransientUnit" when starts++ == 0 => [FakePeer.Refusal(call, "org.freedesktop.systemd1.UnitExists", "Unit p-x.scope already exists.")],
            "StartTransientUnit" => [FakePeer.Answer(call, Job("/job/2")), Removed("/job/2", "done")],
            _ => [FakePeer.Answer(call)],
        });
        using (var bus = SystemdBus.At(peer.Path))
            bus.Start("p-x.scope", []);
        Assert.Equal(["StartTransientUnit", "ResetFailedUnit", "StartTransientUnit"], peer.Calls.Select(call => call.Member));
    }

    [Fact]
    public void A_unit_that_is_in_use_is_not_taken()
    {
        using var peer = new FakePeer(call => [call.Member == "ResetFailedUnit" ? FakePeer.Answer(call) : FakePeer.Refusal(call, "org.freedesktop.systemd1.UnitExists", "Unit p-x.scope already exists.")]);
        using var bus = SystemdBus.At(peer.Path);
        Assert.Contains("already exists", Assert.Throws<DBusException>(() => bus.Start("p-x.scope", [])).Message);
    }

    [Fact]
    public void A_job_that_fails_is_an_error()
    {
        using var peer = new FakePeer(call => call.Member == "ResetFailedUnit" ? [FakePeer.Answer(call)] : [FakePeer.Answer(call, Job("/job/3")), Removed("/job/3", "timeout")]);
        using var bus = SystemdBus.At(peer.Path);
        Assert.Equal("error creating systemd unit `p-x.scope`: got `timeout`", Assert.Throws<NaruException>(() => bus.Start("p-x.scope", [])).Message);
    }

    [Fact]
    public void A_unit_that_has_gone_needs_no_stop()
    {
        using var peer = new FakePeer(call => [FakePeer.Refusal(call, "org.freedesktop.systemd1.NoSuchUnit", "Unit p-x.scope not loaded.")]);
        using (var bus = SystemdBus.At(peer.Path))
            bus.Stop("p-x.scope");
        Assert.Equal(["StopUnit", "ResetFailedUnit"], peer.Calls.Select(call => call.Member));
    }

    [Fact]
    public void A_managers_own_cgroup_is_asked_for()
    {
        using var peer = new FakePeer(call => [FakePeer.Answer(call, new DBusValue.Variant(DBusValue.Of("/user.slice/user-1.slice/user@1.service")))]);
        using var bus = SystemdBus.At(peer.Path);
        Assert.Equal("/user.slice/user-1.slice/user@1.service", bus.ControlGroup());
    }

    [Fact]
    public void Whose_manager_it_is_is_asked_of_the_bus()
    {
        using var peer = new FakePeer(call => [FakePeer.Answer(call, DBusValue.Of(1000u))]);
        using (var bus = SystemdBus.At(peer.Path))
            Assert.Equal(1000u, bus.User());
        var call = Assert.Single(peer.Calls);
        Assert.Equal(("org.freedesktop.DBus", "GetConnectionUnixUser", "org.freedesktop.systemd1"), (call.Destination, call.Member, new DBusReader(call.Body).Text()));
    }

    private static DBusValue.Text Job(string path) => new('o', path);

    private static DBusMessage Removed(string job, string result) => FakePeer.Signal("JobRemoved", DBusValue.Of(1u), Job(job), DBusValue.Of("p-x.scope"), DBusValue.Of(result));
}
