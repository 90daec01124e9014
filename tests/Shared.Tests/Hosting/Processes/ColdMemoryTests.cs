// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Processes;

namespace ClusterManager.Shared.Tests.Hosting.Processes;

public sealed class ColdMemoryTests
{
    [Theory]
    [InlineData("55a8db31c000-55a8db31d000 r-xp 0030e000 fe:00 5366578                    /usr/bin/cluster-agent", true)]
    [InlineData("55a8db31c000-55a8db31d000 r--s 0030e000 fe:00 5366578                    /usr/bin/cluster-agent", true)]
    [InlineData("55a8db31c000-55a8db31d000 rw-p 0030e000 fe:00 5366578                    /usr/bin/cluster-agent", false)]
    [InlineData("7f7784000000-7f7784001000 rw-p 00000000 00:00 0 ", false)]
    [InlineData("7f7784000000-7f7784001000 r-xs 00000000 00:01 2048 /memfd:doublemapper (deleted)", false)]
    [InlineData("7ffd784000000-7ffd78401000 r-xp 00000000 00:00 0                          [vdso]", false)]
    public void Only_what_a_file_still_has_is_given_back(string line, bool isGiven) =>
        Assert.Equal(isGiven ? 4096u : (nuint?)null, ColdMemory.Range(line)?.Length);

    [Fact]
    public void What_was_given_back_is_there_when_it_is_needed_again()
    {
        var kept = Enumerable.Range(0, 1000).Select(i => $"value {i}").ToArray();
        Assert.NotEqual(0, ColdMemory.GiveBack());
        Assert.Equal("value 999", kept[^1]);
    }
}
