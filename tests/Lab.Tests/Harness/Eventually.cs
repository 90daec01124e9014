// SPDX-License-Identifier: Apache-2.0
using Xunit.Sdk;

namespace ClusterManager.Lab.Tests.Harness;

/// <summary>Waits for a condition with a deadline; never longer than it must.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks until <paramref name="condition"/> holds for the answer, and returns that answer.</summary>
    /// <param name="what">For the failure's message.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="ask">What is asked; failing to answer counts as an answer that does not hold.</param>
    /// <param name="condition">What must hold.</param>
    /// <exception cref="XunitException">It did not hold in time; the message has the last answer.</exception>
    public static async Task<T> HoldsAsync<T>(string what, double seconds, Func<Task<T>> ask, Func<T, bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        var last = "nothing";
        while (true)
        {
            try
            {
                var answer = await ask();
                if (condition(answer)) return answer;
                last = Describe(answer);
            }
            catch (Exception e) when (e is XunitException or TimeoutException or HttpRequestException or TaskCanceledException)
            {
                last = e.Message;
            }
            if (TimeProvider.System.GetElapsedTime(started).TotalSeconds > seconds)
            {
                throw new XunitException($"not within {seconds:0.#} s: {what}\nlast answer: {last}");
            }
            await Task.Delay(Interval, TimeProvider.System);
        }
    }

    /// <summary>Waits until it is so.</summary>
    public static Task TrueAsync(string what, double seconds, Func<Task<bool>> condition) =>
        HoldsAsync(what, seconds, condition, holds => holds);

    /// <summary>Asks again and again while <paramref name="seconds"/> pass; fails the test as soon as it does not hold.</summary>
    /// <param name="what">For the failure's message.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="ask">What is asked.</param>
    /// <param name="condition">What must hold.</param>
    /// <param name="everySeconds">The pause between two looks: a look at all containers of a lab costs the machine something.</param>
    public static async Task StaysAsync<T>(
        string what, double seconds, Func<Task<T>> ask, Func<T, bool> condition, double everySeconds = 0.1)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started).TotalSeconds < seconds)
        {
            var answer = await ask();
            if (!condition(answer)) throw new XunitException($"did not stay so: {what}\nanswer: {Describe(answer)}");
            await Task.Delay(TimeSpan.FromSeconds(everySeconds), TimeProvider.System);
        }
    }

    private static string Describe<T>(T answer) =>
        answer is System.Collections.IEnumerable items and not string ? string.Join("\n  ", items.Cast<object>()) : $"{answer}";
}
