// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Registry;

namespace ClusterManager.Manager.Gates;

/// <summary>
/// Asks a program or Prometheus once, within bounds: 10 s, 64 KB, no redirect. What goes wrong on the way is an answer too: none that means
/// anything.
/// </summary>
internal sealed class GateClient(HttpMessageInvoker http, TimeProvider time)
{
    private const int AnswerBytesMax = 64 * 1024;
    private const int TextCharactersMax = 120;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Makes the client that programs use: connections of its own, no redirect, no proxy's surprise, no cookies.</summary>
    public static HttpMessageInvoker MakeHttp() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30), MaxResponseHeadersLength = 16,
    });

    /// <summary>What is said to the question.</summary>
    public async Task<(GateVerdict Verdict, string Text)> AskAsync(GateQuestion question, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var request = RequestOf(question);
            using var response = await http.SendAsync(request, both.Token);
            var body = await BoundedBody.ReadAsync(response.Content, AnswerBytesMax, both.Token);
            return question.Spec.Kind == GateKind.Http ? Program(response.StatusCode, body)
                : PrometheusAnswer.Judge(question.Spec, response.StatusCode, body);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (GateVerdict.Unclear, $"no answer within {Limit.TotalSeconds:0} s");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or NotSupportedException)
        {
            return (GateVerdict.Unclear, "it can not be reached");
        }
    }

    /// <summary>The first words of an answer, on one line.</summary>
    public static string Shortened(byte[]? body)
    {
        var text = Encoding.UTF8.GetString(body ?? []).ReplaceLineEndings(" ").Trim();
        text = new string([.. text.Where(letter => !char.IsControl(letter))]);
        return text.Length <= TextCharactersMax ? text : text[..TextCharactersMax];
    }

    // A definite no is one of 400 to 499, but for those that mean "later".
    private static (GateVerdict Verdict, string Text) Program(HttpStatusCode status, byte[]? body)
    {
        var number = (int)status;
        if (number is >= 200 and <= 299) return (GateVerdict.Open, $"it answered {number}");
        var words = Shortened(body);
        var text = $"it answered {number}{(words.Length == 0 ? "" : $": {words}")}";
        return (number is >= 400 and <= 499 and not (408 or 425 or 429) ? GateVerdict.Shut : GateVerdict.Unclear, text);
    }

    private static HttpRequestMessage RequestOf(GateQuestion question)
    {
        var gate = question.Spec;
        if (gate.Kind == GateKind.Prometheus)
            return new HttpRequestMessage(HttpMethod.Get, $"{gate.Url}/api/v1/query?query={Uri.EscapeDataString(gate.Query)}");
        var content = new StringContent(BodyOf(question).ToJsonString(), Encoding.UTF8, "application/json");
        return new HttpRequestMessage(HttpMethod.Post, gate.Url) { Content = content };
    }

    private static JsonObject BodyOf(GateQuestion question)
    {
        var (service, update) = (question.Service, question.Update);
        var rollout = service.Rollout;
        return new JsonObject
        {
            ["service"] = service.Name.Display, ["rollout"] = rollout.Number, ["fromRevision"] = rollout.FromRevision,
            ["toRevision"] = rollout.ToRevision, ["image"] = question.Image, ["actor"] = rollout.Actor,
            ["step"] = rollout.Step + 1, ["steps"] = update.CanarySteps.Length,
            ["stepReplicas"] = update.ReplicasAt(rollout.Step, service.Replicas), ["replicas"] = service.Replicas,
            ["heldSince"] = rollout.StepReachedAt?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ",
                System.Globalization.CultureInfo.InvariantCulture),
        };
    }
}
