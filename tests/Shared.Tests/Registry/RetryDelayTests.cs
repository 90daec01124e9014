// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Registry;

namespace ClusterManager.Shared.Tests.Registry;

public sealed class RetryDelayTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("Retry-After", "17", 17)]
    [InlineData("Retry-After", "Fri, 02 Jan 2026 03:05:05 GMT", 60)]
    [InlineData("Retry-After", "Fri, 02 Jan 2026 03:00:00 GMT", 0)]
    [InlineData("Retry-After", "99999999999999999", 86400)]
    [InlineData("Retry-After", "soon", null)]
    [InlineData("Retry-After", "-5", null)]
    [InlineData("RateLimit-Reset", "30", 30)]
    [InlineData("RateLimit", "\"default\";r=0;t=25", 25)]
    [InlineData("RateLimit", "\"default\";r=0", null)]
    [InlineData("X-Other", "3", null)]
    public void The_wait_is_read_from_what_servers_send(string name, string value, int? seconds)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation(name, value);
        Assert.Equal(seconds, (int?)RetryDelay.Of(response.Headers, Now)?.TotalSeconds);
    }
}
