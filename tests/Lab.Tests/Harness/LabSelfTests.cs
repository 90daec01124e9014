// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Lab.Tests.Harness;

/// <summary>The lab keeps what docs/lab.md promises of hosts, engines and images, or nothing that is tested on it means anything.</summary>
[Trait("Category", "Lab")]
[Trait("Length", "Long")]
public sealed class LabSelfTests
{
    [Fact]
    public async Task The_lab_is_what_its_page_says()
    {
        await using var test = RunningCommand.Start(
            Path.Combine(Programs.Repository, "scripts", "lab", "selftest.sh"), [], new Dictionary<string, string>(), Programs.Repository);
        (await test.EndAsync(TimeSpan.FromMinutes(4))).Expect(0).ExpectText("checks hold");
    }
}
