// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Concurrency;

namespace ClusterManager.Shared.Tests.Hosting.Concurrency;

public sealed class MailboxTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public void Full_mailbox_refuses_and_keeps_order()
    {
        var mailbox = new Mailbox<int>(3);
        Assert.Equal([true, true, true, false], new[] { 1, 2, 3, 4 }.Select(mailbox.TryPost));
        Assert.Equal(3, mailbox.Count);

        var batch = new List<int>();
        Assert.Equal(2, mailbox.TryReadBatch(batch, 2));
        Assert.Equal([1, 2], batch);
        Assert.True(mailbox.TryPost(5));
        Assert.Equal(2, mailbox.TryReadBatch(batch, 100));
        Assert.Equal([1, 2, 3, 5], batch);
        Assert.False(mailbox.TryRead(out _));
    }

    [Fact]
    public async Task Reader_is_woken_by_a_post_and_told_of_the_end()
    {
        var mailbox = new Mailbox<int>(1);
        var waiting = mailbox.WaitToReadAsync(None).AsTask();
        Assert.False(waiting.IsCompleted);
        Assert.True(mailbox.TryPost(1));
        Assert.True(await waiting);

        mailbox.Close();
        Assert.False(mailbox.TryPost(2));
        Assert.True(await mailbox.WaitToReadAsync(None));
        Assert.True(mailbox.TryRead(out var last));
        Assert.Equal(1, last);
        Assert.False(await mailbox.WaitToReadAsync(None));
        Assert.False(await mailbox.PostAsync(3, None));
    }

    [Fact]
    public async Task Patient_producer_waits_for_room()
    {
        var mailbox = new Mailbox<int>(1);
        Assert.True(mailbox.TryPost(1));
        var posting = mailbox.PostAsync(2, None).AsTask();
        Assert.False(posting.IsCompleted);
        Assert.True(mailbox.TryRead(out _));
        Assert.True(await posting);
        Assert.True(mailbox.TryRead(out var second));
        Assert.Equal(2, second);
    }

    [Fact]
    public async Task Cancelled_wait_ends()
    {
        using var stop = new CancellationTokenSource();
        var waiting = new Mailbox<int>(1).WaitToReadAsync(stop.Token).AsTask();
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
