// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Dispatch;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Dispatch;

/// <summary>Answers find who asked.</summary>
public sealed class InspectionDeskTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Each_answer_goes_to_its_question_with_the_times_around_it()
    {
        var desk = new InspectionDesk();
        var (first, firstAnswer) = desk.Open(Now);
        var (second, secondAnswer) = desk.Open(Now.AddSeconds(1));
        Assert.NotEqual(first, second);
        desk.Take(new V1.Inspection { Request = second }, Now.AddSeconds(3));
        var found = await secondAnswer;
        Assert.Equal((Now.AddSeconds(1), Now.AddSeconds(3)), (found.SentAt, found.ReceivedAt));
        Assert.False(firstAnswer.IsCompleted);
    }

    [Fact]
    public void An_answer_that_comes_twice_too_late_or_to_no_question_is_nothing()
    {
        var desk = new InspectionDesk();
        var (request, answer) = desk.Open(Now);
        desk.Take(new V1.Inspection { Request = request }, Now);
        desk.Take(new V1.Inspection { Request = request }, Now);
        desk.Take(new V1.Inspection { Request = 99 }, Now);
        Assert.True(answer.IsCompletedSuccessfully);
        var (closed, never) = desk.Open(Now);
        desk.Close(closed);
        desk.Take(new V1.Inspection { Request = closed }, Now);
        Assert.False(never.IsCompleted);
    }
}
