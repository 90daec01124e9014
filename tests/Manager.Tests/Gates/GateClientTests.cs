// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ClusterManager.Manager.Gates;
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Gates;

/// <summary>What programs and Prometheus answer, and what it means.</summary>
public sealed class GateClientTests
{
    private static readonly GateSpec Figure = new()
    {
        Kind = GateKind.Prometheus, Url = "http://prometheus.example:9090", Query = "rate(errors[1m]) / 2", Threshold = 0.01,
        Timeout = TimeSpan.FromMinutes(5),
    };

    [Theory]
    [InlineData(200, GateVerdict.Open, "it answered 200")]
    [InlineData(204, GateVerdict.Open, "it answered 204")]
    [InlineData(302, GateVerdict.Unclear, "it answered 302: said so")]
    [InlineData(403, GateVerdict.Shut, "it answered 403: said so")]
    [InlineData(429, GateVerdict.Unclear, "it answered 429: said so")]
    [InlineData(503, GateVerdict.Unclear, "it answered 503: said so")]
    public async Task A_program_is_told_about_the_rollout_and_its_status_counts(int status, GateVerdict verdict, string text)
    {
        var asked = new Handler(status, "said\nso");
        Assert.Equal((verdict, text), await AskAsync(asked, Hook));
        Assert.Equal("POST http://gates.example/web", asked.Line);
        var body = JsonNode.Parse(asked.Body)!;
        Assert.Equal(("web", 2, 1, 2), ((string)body["service"]!, (int)body["toRevision"]!, (int)body["step"]!, (int)body["steps"]!));
        Assert.Equal((1, 4), ((int)body["stepReplicas"]!, (int)body["replicas"]!));
    }

    [Theory]
    [InlineData("""{"data":{"resultType":"vector","result":[{"metric":{},"value":[1,"0.004"]}]}}""", GateVerdict.Open, "0.004")]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":[1,"0.02"]}}""", GateVerdict.Shut, "0.02 is not below 0.01")]
    [InlineData("""{"data":{"resultType":"vector","result":[{"value":[1,"0"]},{"value":[1,"+Inf"]}]}}""", GateVerdict.Shut, null)]
    [InlineData("""{"data":{"resultType":"vector","result":[]}}""", GateVerdict.Unclear, "no data yet")]
    [InlineData("""{"data":{"resultType":"vector","result":[{"value":[1,"NaN"]}]}}""", GateVerdict.Unclear, "no number yet (NaN)")]
    [InlineData("""{"data":{"resultType":"matrix","result":[]}}""", GateVerdict.Unclear, null)]
    [InlineData("""{"data":{"resultType":"vector","result":[{"value":[1]}]}}""", GateVerdict.Unclear, null)]
    [InlineData("""{"data":{"resultType":"vector","result":[{"value":[1,2]}]}}""", GateVerdict.Unclear, null)]
    [InlineData("""[1,2]""", GateVerdict.Unclear, null)]
    [InlineData("""not json""", GateVerdict.Unclear, null)]
    public async Task A_figure_is_compared_and_what_is_none_means_nothing(string body, GateVerdict verdict, string? text)
    {
        var asked = new Handler(200, body);
        var said = await AskAsync(asked, Figure);
        Assert.Equal(verdict, said.Verdict);
        if (text is not null) Assert.Equal(text, said.Text);
        Assert.Equal("GET http://prometheus.example:9090/api/v1/query?query=rate%28errors%5B1m%5D%29%20%2F%202", asked.Line);
    }

    [Fact]
    public async Task A_query_that_is_not_understood_is_a_no_and_what_is_too_large_or_does_not_come_means_nothing()
    {
        Assert.Equal(GateVerdict.Shut, (await AskAsync(new Handler(400, "parse error"), Figure)).Verdict);
        var large = new Handler(200, new string('x', 70_000));
        Assert.Equal((GateVerdict.Unclear, "its answer is larger than 64 KB"), await AskAsync(large, Figure));
        var broken = new Handler(200, "") { Failure = new HttpRequestException("refused by 10.0.0.1 with a secret") };
        Assert.Equal((GateVerdict.Unclear, "it can not be reached"), await AskAsync(broken, Hook));
    }

    [Theory]
    [InlineData(GateComparison.Less, false, true)]
    [InlineData(GateComparison.LessOrEqual, true, true)]
    [InlineData(GateComparison.Greater, false, false)]
    [InlineData(GateComparison.GreaterOrEqual, true, false)]
    public void Figures_hold_as_they_are_compared(GateComparison comparison, bool isEqualGood, bool isLessGood)
    {
        var gate = Figure with { Comparison = comparison };
        Assert.Equal((isEqualGood, isLessGood, !isLessGood), (gate.Holds(0.01), gate.Holds(0.001), gate.Holds(0.1)));
        Assert.False(gate.Holds(double.NaN));
    }

    [Fact]
    public void Who_is_asked_follows_from_the_state_and_a_new_leader_asks_again()
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web(4));
        cluster.Run(TimeSpan.FromSeconds(10));
        cluster.Apply(Specs.Web(4, "registry.test:5000/web:2") with { Update = Policy(Figure, Hook) });
        Assert.Empty(GateQuestion.Of(cluster.State));
        cluster.Run(TimeSpan.FromSeconds(10));
        var asked = GateQuestion.Of(cluster.State).ToList();
        Assert.Equal([0, 1], asked.Select(question => question.Gate));
        Assert.Equal(TimeSpan.FromMinutes(2), asked[1].From - asked[0].From);
        cluster.ChangeLeader();
        cluster.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(asked.Select(question => question.Key.Gate), GateQuestion.Of(cluster.State).Select(question => question.Key.Gate));
        cluster.Control("web", Manager.Engine.RolloutOrder.Pause);
        Assert.Empty(GateQuestion.Of(cluster.State));
    }

    private static GateSpec Hook => new()
    {
        Kind = GateKind.Http, Url = "http://gates.example/web", Timeout = TimeSpan.FromMinutes(5),
    };

    private static UpdatePolicy Policy(params GateSpec[] gates) => new()
    {
        Strategy = UpdateStrategy.Canary, Steps = [new UpdateStep { Amount = 1 }, new UpdateStep { Amount = 50, IsPercent = true }],
        Hold = TimeSpan.FromMinutes(2), Gates = [.. gates],
    };

    private static async Task<(GateVerdict Verdict, string Text)> AskAsync(Handler handler, GateSpec gate)
    {
        using var http = new HttpMessageInvoker(handler);
        var rollout = new RolloutRecord
        {
            Number = 2, State = RolloutState.Running, FromRevision = 1, ToRevision = 2, StartedAt = ModelCluster.Epoch,
            StepReachedAt = ModelCluster.Epoch, Deadline = TimeSpan.FromMinutes(5), Actor = "olga",
        };
        var service = new ServiceRecord
        {
            Id = new ServiceId(1), Name = ServiceName.Parse("web"), Revision = 2, Replicas = 4, NextRevision = 3, Rollout = rollout,
            CreatedAt = ModelCluster.Epoch, CreatedBy = "olga", UpdatedAt = ModelCluster.Epoch,
        };
        var question = new GateQuestion
        {
            Service = service, Update = Policy(gate), Image = "registry.test:5000/web:2", Gate = 0, From = ModelCluster.Epoch,
        };
        return await new GateClient(http, TimeProvider.System).AskAsync(question, CancellationToken.None);
    }

    private sealed class Handler(int status, string answer) : HttpMessageHandler
    {
        public string Line { get; private set; } = "";

        public string Body { get; private set; } = "";

        public Exception? Failure { get; init; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Line = $"{request.Method} {request.RequestUri!.AbsoluteUri}";
            if (request.Content is { } content) Body = await content.ReadAsStringAsync(cancellationToken);
            if (Failure is { } failure) throw failure;
            return new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(answer, Encoding.UTF8) };
        }
    }
}
