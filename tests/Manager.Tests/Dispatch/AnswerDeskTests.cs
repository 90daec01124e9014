// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Dispatch;

namespace ClusterManager.Manager.Tests.Dispatch;

/// <summary>Answers find who asked.</summary>
public sealed class AnswerDeskTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Each_answer_goes_to_its_question_with_the_time_at_which_it_was_asked()
    {
        var desk = new AnswerDesk<string>();
        var (first, firstAnswer) = desk.Open(Now);
        var (second, secondAnswer) = desk.Open(Now.AddSeconds(1));
        Assert.NotEqual(first, second);
        desk.Take(second, sentAt => $"asked after {(sentAt - Now).TotalSeconds} s");
        Assert.Equal("asked after 1 s", await secondAnswer);
        Assert.False(firstAnswer.IsCompleted);
    }

    [Fact]
    public void An_answer_that_comes_twice_too_late_or_to_no_question_is_nothing()
    {
        var desk = new AnswerDesk<string>();
        var (request, answer) = desk.Open(Now);
        desk.Take(request, _ => "answer");
        desk.Take(request, _ => "answer");
        desk.Take(99, _ => "answer");
        Assert.True(answer.IsCompletedSuccessfully);
        var (closed, never) = desk.Open(Now);
        desk.Close(closed);
        desk.Take(closed, _ => "answer");
        Assert.False(never.IsCompleted);
    }
}
