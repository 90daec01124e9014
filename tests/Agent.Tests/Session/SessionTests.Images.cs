// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Images;
using ClusterManager.Agent.Telemetry;
using ClusterManager.Agent.Tests.Simulated;
using ClusterManager.Wire.V1;

namespace ClusterManager.Agent.Tests.Session;

/// <summary>What the leader says of images, and what it is told of the disk.</summary>
public sealed partial class SessionTests
{
    private const string Old = "registry.lab:5000/web@sha256:old";

    [Fact]
    public void What_is_kept_is_asked_of_the_leader_while_its_session_lasts()
    {
        var context = Start(A);
        _managers.Behaviours[A] = session =>
        {
            session.Keeps = question => new KeepAnswer { Request = question.Request, Kept = { question.Images.Take(1) } };
            session.Welcome(Make.Version(2, 0));
            _node.Run(token => BeatAsync(session, token));
        };
        Until(() => _managers.Sessions.Count > 0 && _managers.Last.Received.Any(m => m.Heartbeat is not null), "a session");
        Assert.Equal([Old], Ask(context)!);
        Assert.Equal(3, _managers.Last.Received.Select(m => m.KeepQuestion).Single(one => one is not null).Revisions);
        _managers.Behaviours[A] = session => session.Break();
        _managers.Last.Break();
        Until(() => _managers.Sessions.Count > 1, "the session has ended");
        Assert.Null(Ask(context));
    }

    [Fact]
    public void A_manager_that_does_not_know_the_question_is_not_asked_and_one_that_is_silent_keeps_nobody()
    {
        var context = Start(A);
        Lead(A);
        Until(() => _managers.Sessions.Count > 0 && _managers.Last.Received.Any(m => m.Heartbeat is not null), "a session");
        Assert.Null(Ask(context));
        Assert.DoesNotContain(_managers.Last.Received, m => m.KeepQuestion is not null);
        _managers.Behaviours[A] = session =>
        {
            session.Keeps = _ => null;
            session.Welcome(Make.Version(2, 0));
            _node.Run(token => BeatAsync(session, token));
        };
        _managers.Last.Break();
        Until(() => _managers.Sessions.Count > 1 && _managers.Last.Received.Any(m => m.Heartbeat is not null), "another session");
        Assert.Null(Ask(context));
        Assert.Contains(_managers.Last.Received, m => m.KeepQuestion is not null);
    }

    [Fact]
    public void The_disk_is_told_with_the_hello_and_again_when_there_is_news()
    {
        var context = Start(A);
        context.Disk.Publish(new DiskReport(new DiskSpace(5, 10), false, null));
        Lead(A);
        Until(() => _managers.Sessions.Count > 0 && _managers.Last.Received.Any(m => m.Status?.Disk is not null), "a report");
        Assert.Equal(5, _managers.Last.Received[0].Hello.Disk.FreeBytes);
        context.Disk.Publish(new DiskReport(new DiskSpace(1, 10), true, new SweepResult(DateTimeOffset.UnixEpoch.AddSeconds(1), 2, 3)));
        Until(() => _managers.Last.Received.Any(m => m.Status?.Disk?.Pressed == true), "pressed");
        var told = _managers.Last.Received.Select(m => m.Status?.Disk).Last(disk => disk is not null)!;
        Assert.Equal((1, 10, 1000, 2, 3), (told.FreeBytes, told.SizeBytes, told.SweptUnixMs, told.SweptImages, told.SweptBytes));
    }

    private IReadOnlyCollection<string>? Ask(ClusterManager.Agent.Session.SessionContext context)
    {
        IReadOnlyCollection<string>? answer = null;
        var isDone = false;
        _node.Run(async token =>
        {
            answer = await context.Keeps.FindAsync([Old, "registry.lab:5000/web@sha256:other"], 3, token);
            isDone = true;
        });
        Until(() => isDone, "an answer or none");
        return answer;
    }
}
