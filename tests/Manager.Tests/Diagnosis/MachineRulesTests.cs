// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Diagnosis;
using V1 = ClusterManager.Wire.V1;
using Severity = ClusterManager.Wire.V1.Finding.Types.Severity;

namespace ClusterManager.Manager.Tests.Diagnosis;

/// <summary>What is judged well, what is a hint, what is an alarm on one machine.</summary>
public sealed class MachineRulesTests
{
    private const long Gigabyte = 1L << 30;
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_sound_machine_gives_no_alarm_and_no_hint() =>
        Assert.All(MachineRules.Judge("n1", Found(_ => { }), "0.1.0", Now), one => Assert.Equal(Severity.Ok, one.Severity));

    [Theory]
    [InlineData("19.03.15", Severity.Alarm)]
    [InlineData("20.9.1", Severity.Alarm)]
    [InlineData("20.10.24+dfsg1", Severity.Ok)]
    [InlineData("28.2.2", Severity.Ok)]
    [InlineData("library-import", Severity.Ok)]
    public void An_engine_older_than_we_support_is_an_alarm(string version, Severity severity) =>
        Assert.Equal(severity, One("engine", inspection => inspection.Facts.EngineVersion = version).Severity);

    [Fact]
    public void An_engine_that_does_not_answer_is_one_alarm_with_its_reason()
    {
        var found = One("engine", inspection => (inspection.EngineUp, inspection.EngineProblem) = (false, "connection refused"));
        Assert.Equal((Severity.Alarm, "connection refused"), (found.Severity, found.Value));
        Assert.Contains("systemctl start docker", found.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void What_could_be_better_is_a_hint()
    {
        Assert.Equal(Severity.Hint, One("live-restore", inspection => inspection.Facts.LiveRestore = false).Severity);
        Assert.Equal(Severity.Hint, One("cgroup", inspection => inspection.Facts.CgroupVersion = 1).Severity);
        Assert.Equal(Severity.Hint, One("version", inspection => inspection.Facts.AgentVersion = "0.0.9").Severity);
    }

    [Theory]
    [InlineData(90, 100, Severity.Ok)]
    [InlineData(8, 100, Severity.Hint)]
    [InlineData(4, 100, Severity.Alarm)]
    [InlineData(40, 1000, Severity.Ok)]
    public void A_disk_is_judged_by_its_share_and_by_what_is_left(long freeGigabytes, long sizeGigabytes, Severity severity) =>
        Assert.Equal(severity, One("disk-docker", inspection => inspection.Disks[0] = new V1.DiskInspection
        {
            Role = "docker", Path = "/var/lib/docker", FreeBytes = freeGigabytes * Gigabyte, SizeBytes = sizeGigabytes * Gigabyte,
        }).Severity);

    [Theory]
    [InlineData("node", 6, Severity.Ok)]
    [InlineData("node", 2.5, Severity.Hint)]
    [InlineData("node", 1, Severity.Alarm)]
    [InlineData("manager", -1, Severity.Alarm)]
    [InlineData("consul", 60, Severity.Ok)]
    [InlineData("consul", 20, Severity.Hint)]
    [InlineData("consul", 10, Severity.Alarm)]
    public void A_certificate_is_judged_by_when_it_should_have_been_renewed(string role, double days, Severity severity) =>
        Assert.Equal(severity, One($"certificate-{role}", inspection => inspection.Certificates.Add(new V1.CertificateInspection
        {
            Role = role, NotAfterUnixMs = Now.AddDays(days).ToUnixTimeMilliseconds(),
        })).Severity);

    [Theory]
    [InlineData(0, 0, Severity.Ok)]
    [InlineData(700, 100, Severity.Hint)]
    [InlineData(-6000, 0, Severity.Alarm)]
    [InlineData(300_000, 0, Severity.Alarm)]
    // As far off as the answer was late: it may as well be right.
    [InlineData(2500, 5000, Severity.Ok)]
    public void A_clock_is_judged_by_what_is_certain(int offsetMs, int travelMs, Severity severity)
    {
        var asked = Now.ToUnixTimeMilliseconds();
        var inspection = Sound();
        inspection.ReceivedUnixMs = asked + (travelMs / 2) + offsetMs;
        inspection.AnsweredUnixMs = inspection.ReceivedUnixMs + 100;
        var found = new NodeFindings(inspection, Now, Now.AddMilliseconds(travelMs + 100));
        Assert.Equal(offsetMs, found.ClockOffset.TotalMilliseconds, 1.0);
        Assert.Equal(severity, MachineRules.Judge("n1", found, "0.1.0", Now).Single(one => one.Check == "clock").Severity);
    }

    [Fact]
    public void Ports_and_names_that_do_not_answer_are_alarms_that_name_both_ends()
    {
        var port = MachineRules.Judge(
            "n1", Found(inspection => inspection.Tcp.Add(new V1.TcpInspection { Target = "10.0.0.2:8301", Problem = "refused" })),
            "0.1.0", Now)
            .Single(one => one is { Check: "ports", Severity: Severity.Alarm });
        Assert.Equal("cannot connect to 10.0.0.2:8301: refused", port.Value);
        Assert.Contains("from n1 to 10.0.0.2:8301", port.Remedy, StringComparison.Ordinal);
        var name = One("dns-containers", inspection => inspection.Names.Add(
            new V1.NameInspection { Role = "containers", Server = "172.18.0.1:53", Problem = "no answer within 3 s" }));
        Assert.Equal((Severity.Alarm, "172.18.0.1:53: no answer within 3 s"), (name.Severity, name.Value));
        Assert.Equal(Severity.Alarm, One("ip-forward", inspection => inspection.IpForward = false).Severity);
    }

    private static V1.Finding One(string check, Action<V1.Inspection> change) =>
        MachineRules.Judge("n1", Found(change), "0.1.0", Now).Single(one => one.Check == check);

    private static NodeFindings Found(Action<V1.Inspection> change)
    {
        var inspection = Sound();
        change(inspection);
        return new NodeFindings(inspection, Now, Now.AddMilliseconds(100));
    }

    private static V1.Inspection Sound() => new()
    {
        ReceivedUnixMs = Now.ToUnixTimeMilliseconds(), AnsweredUnixMs = Now.ToUnixTimeMilliseconds() + 100, EngineUp = true,
        Facts = new V1.NodeFacts { EngineVersion = "28.2.2", LiveRestore = true, CgroupVersion = 2, AgentVersion = "0.1.0" },
        Disks = { new V1.DiskInspection { Role = "docker", Path = "/d", FreeBytes = 90 * Gigabyte, SizeBytes = 100 * Gigabyte } },
        IpForward = true,
    };
}
