// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Processes;

namespace ClusterManager.Shared.Tests.Hosting.Processes;

/// <summary>One process of a role for each data directory.</summary>
public sealed class ProcessLockTests
{
    [Fact]
    public void A_role_is_taken_once_and_is_free_again_when_its_holder_has_gone()
    {
        using var directory = new TestDirectory();
        var first = ProcessLock.TryTake(directory.Paths, "manager");
        Assert.NotNull(first);
        Assert.Null(ProcessLock.TryTake(directory.Paths, "manager"));
        using var agent = ProcessLock.TryTake(directory.Paths, "agent");
        Assert.NotNull(agent);
        first.Dispose();
        using var second = ProcessLock.TryTake(directory.Paths, "manager");
        Assert.NotNull(second);
    }
}
