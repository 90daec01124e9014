// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using ClusterManager.Cli.Bootstrap;
using ClusterManager.Hosting.Files;

namespace ClusterManager.Cli.Tests.Bootstrap;

public sealed class HostRolesTests
{
    [Fact]
    public void An_upgrade_points_manager_and_agent_at_the_new_programs_and_leaves_consul_and_settings_alone()
    {
        var paths = new ClusterPaths("/srv/cluster");
        var old = HostRoles.All(paths, "/opt/consul", isManager: true);
        old = old with
        {
            Roles = [.. old.Roles.Select(role => role with { Command = role.Command.SetItem(0, $"/old/{role.Name}"), StopSeconds = 17 })],
        };
        var roles = HostRoles.WithOwnPrograms(old).Roles.ToDictionary(role => role.Name);
        Assert.Equal("/old/consul", roles["consul"].Command[0]);
        foreach (var name in (string[])["manager", "agent"])
        {
            Assert.Equal(HostRoles.Program($"cluster-{name}"), roles[name].Command[0]);
            Assert.Equal(17, roles[name].StopSeconds);
        }
    }

    [Fact]
    public void A_process_whose_file_was_replaced_does_not_run_the_file_that_lies_there()
    {
        var folder = Directory.CreateTempSubdirectory("cm-roles-");
        var program = Path.Combine(folder.FullName, "program");
        File.Copy("/bin/sleep", program);
        using var process = Process.Start(program, ["100"]);
        try
        {
            Assert.True(RunningProgram.Runs(process.Id, program));
            File.CreateSymbolicLink(Path.Combine(folder.FullName, "link"), program);
            Assert.True(RunningProgram.Runs(process.Id, Path.Combine(folder.FullName, "link")));
            File.Copy("/bin/sleep", program + ".new");
            File.Move(program + ".new", program, overwrite: true);
            Assert.False(RunningProgram.Runs(process.Id, program));
        }
        finally
        {
            process.Kill();
            folder.Delete(recursive: true);
        }
    }
}
