// SPDX-License-Identifier: Apache-2.0
using System.Runtime.Versioning;
using System.Text;
using ClusterManager.Manager.Credentials;
using ClusterManager.Manager.Tests.Support;

namespace ClusterManager.Manager.Tests.Credentials;

/// <summary>Programs of a folder, with limits on all that they may do to the manager.</summary>
[SupportedOSPlatform("linux")]
public sealed class HelperRunnerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("cm-helpers-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task It_is_run_as_dockers_helpers_are_and_with_a_bare_environment()
    {
        Environment.SetEnvironmentVariable("CM_TEST_LEAK", "leaked");
        Write("echo", "read server; echo \"$1 $server ${CM_TEST_LEAK:-none}\"; echo noise >&2");
        Assert.Equal("get registry.test:5000 none\n", await AskAsync("echo"));
    }

    [Theory]
    [InlineData("exit 3", "exit code 3")]
    [InlineData("head -c 100000 /dev/zero", "more than 65536 bytes")]
    public async Task What_goes_wrong_is_told_without_what_it_said(string script, string expected)
    {
        Write("bad", $"echo s3cret-token; echo s3cret-token >&2; {script}");
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => AskAsync("bad"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_does_not_end_is_ended()
    {
        var time = new VirtualTime();
        Write("hang", "exec sleep 1000");
        var asking = new HelperRunner(_directory, time).AskAsync("hang", "r", CancellationToken.None);
        await time.AdvanceUntilAsync("it is given up", () => asking.IsCompleted, TimeSpan.FromSeconds(20));
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => asking);
        Assert.Contains("did not end within 8 s", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("plain")]
    [InlineData("../evil")]
    [InlineData("/bin/sh")]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData(".hidden")]
    public async Task Only_programs_of_the_folder_are_run(string name)
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "plain"), "no program");
        await Assert.ThrowsAsync<InvalidDataException>(() => AskAsync(name));
    }

    private async Task<string> AskAsync(string helper) => Encoding.UTF8.GetString(
        await new HelperRunner(_directory, TimeProvider.System).AskAsync(helper, "registry.test:5000", CancellationToken.None));

    private void Write(string name, string script)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
