// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Processes;

namespace ClusterManager.Shared.Tests.Hosting.Processes;

public sealed class HostFileTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task File_round_trips_and_is_private()
    {
        var role = SupervisorFixture.Sleeper("consul") with { Before = [["ip", "addr"]], StopSeconds = 7, WorkingDirectory = "/" };
        role = role with { Environment = role.Environment.Add("A", "b") };
        await new HostFile { Roles = [role] }.WriteAsync(_directory.Paths, CancellationToken.None);

        var (file, problem) = await HostFile.ReadAsync(_directory.Paths, CancellationToken.None);

        Assert.Null(problem);
        var read = Assert.Single(file!.Roles);
        Assert.Equal(("consul", 7, "/", "b"), (read.Name, read.StopSeconds, read.WorkingDirectory, read.Environment["A"]));
        Assert.Equal(["sleep", "1000"], read.Command.AsEnumerable());
        Assert.Equal(["ip", "addr"], Assert.Single(read.Before).AsEnumerable());
        Assert.Equal(FileModes.Private, File.GetUnixFileMode(Path.Combine(_directory.Paths.RunDirectory, "host.json")));
    }

    [Theory]
    [InlineData("", "not understood")]
    [InlineData("null", "empty")]
    [InlineData("{}", "not understood")]
    [InlineData("{\"roles\":[{\"name\":\"A\",\"command\":[\"x\"]}]}", "name must be")]
    [InlineData("{\"roles\":[{\"name\":\"supervisor\",\"command\":[\"x\"]}]}", "name must be")]
    [InlineData("{\"roles\":[{\"name\":\"a\",\"command\":[]}]}", "no command")]
    [InlineData("{\"roles\":[{\"name\":\"a\",\"command\":[\"x\"],\"before\":[[]]}]}", "empty command")]
    [InlineData("{\"roles\":[{\"name\":\"a\",\"command\":[\"x\"],\"stopSeconds\":301}]}", "stopSeconds")]
    [InlineData("{\"roles\":[{\"name\":\"a\",\"command\":[\"x\"]},{\"name\":\"a\",\"command\":[\"y\"]}]}", "same name")]
    public void Wrong_file_is_refused_with_a_reason(string json, string expected)
    {
        var (file, problem) = HostFile.Parse(Encoding.UTF8.GetBytes(json));
        Assert.Null(file);
        Assert.Contains(expected, problem);
    }

    [Fact]
    public void Role_that_says_only_what_it_must_has_the_defaults()
    {
        var (file, _) = HostFile.Parse("{\"roles\":[{\"name\":\"a\",\"command\":[\"x\"]}]}"u8);
        var role = Assert.Single(file!.Roles);
        Assert.Equal(10, role.StopSeconds);
        Assert.Empty(role.Before);
        Assert.Empty(role.Environment);
    }

    [Fact]
    public void Restarts_wait_longer_until_a_long_run()
    {
        var options = new HostSupervisorOptions();
        var schedule = RestartSchedule.Now;
        var waits = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            schedule = schedule.AfterEnd(TimeSpan.FromSeconds(29), TimeSpan.FromSeconds(100), options);
            waits.Add((schedule.DueAt - TimeSpan.FromSeconds(100)).TotalSeconds);
        }
        Assert.Equal([1, 2, 4, 8, 10, 10], waits);
        Assert.Equal(TimeSpan.FromSeconds(201), schedule.AfterEnd(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(200), options).DueAt);
    }

    [Fact]
    public void Identity_is_that_of_one_process_in_one_boot()
    {
        var self = ProcessIdentity.Of(Environment.ProcessId)!;
        Assert.True(self.IsAlive());
        Assert.False((self with { StartTicks = self.StartTicks + 1 }).IsAlive());
        Assert.False((self with { BootId = "another" }).IsAlive());
        Assert.Null(ProcessIdentity.Of(int.MaxValue));

        var files = new RoleFiles(_directory.Paths, "supervisor");
        Directory.CreateDirectory(_directory.Paths.RunDirectory);
        Assert.Null(ProcessIdentity.FromFile(files.Identity));
        ProcessIdentity.WriteSelf(files);
        Assert.Equal(self, ProcessIdentity.FromFile(files.Identity));
        File.WriteAllText(files.Identity, File.ReadAllText(files.Identity)[..60]);
        Assert.Null(ProcessIdentity.FromFile(files.Identity));
    }
}
