{# Intervals of published rates, in double precision and by ln, exp and sqrt alone, which every engine has. A rate is
   people / benchmark people. It is a share where the people are among those they are held against; else it sets the
   numbers of two kinds of people beside each other, each with chance of its own. #}

{# How likely an interval, or all flags of a quarter together, may miss: a convention of statistics, and no policy. #}
{% macro error_rate() -%}
    0.05e0
{%- endmacro %}

{# By how many standard errors a normal variable passes its mean with this probability, which lies between 1e-11 and
   0.075: Wichura's algorithm AS 241 (Applied Statistics 37, 1988), the branch for tails, good to 16 digits. #}
{% macro normal_tail(probability) -%}
    {% set r = '(sqrt(-ln(' ~ probability ~ ')) - 1.6e0)' -%}
    {{ polynomial(r, [
        '7.74545014278341407640e-4', '2.27238449892691845833e-2', '2.41780725177450611770e-1',
        '1.27045825245236838258e0', '3.64784832476320460504e0', '5.76949722146069140550e0',
        '4.63033784615654529590e0', '1.42343711074968357734e0',
    ]) }}
    / {{ polynomial(r, [
        '1.05075007164441684324e-9', '5.47593808499534494600e-4', '1.51986665636164571966e-2',
        '1.48103976427480074590e-1', '6.89767334985100004550e-1', '1.67638483018380384940e0',
        '2.05319162663775882187e0', '1e0',
    ]) }}
{%- endmacro %}

{# A polynomial by its coefficients, that of the highest power first. #}
{% macro polynomial(x, coefficients) -%}
    {{ '(' * (coefficients | length - 1) }}{{ coefficients[0] }}
    {%- for coefficient in coefficients[1:] %} * {{ x }} + {{ coefficient }}){% endfor %}
{%- endmacro %}

{# The variance of the logarithm of a rate; of a ratio of two rates it is the sum of both. For shares that is Katz's
   log interval (Biometrics 34, 1978); else the benchmark's chance adds to that of the people. #}
{% macro log_variance(people, benchmark_people, is_share) -%}
    ({{ benchmark_people }} + case when {{ is_share }} then -1 else 1 end * {{ people }})
    / (1e0 * {{ people }} * {{ benchmark_people }})
{%- endmacro %}

{# The lower (-) or upper (+) limit of one rate, z standard errors away: Wilson's for a share, else on the log scale. #}
{% macro rate_limit(sign, rate, benchmark_people, log_variance, is_share, z) -%}
    case
        when {{ is_share }} then (
            {{ rate }} + {{ z }} * {{ z }} / (2 * {{ benchmark_people }})
            {{ sign }} {{ z }} * sqrt(
                {{ rate }} * (1 - {{ rate }}) / {{ benchmark_people }}
                + {{ z }} * {{ z }} / (4e0 * {{ benchmark_people }} * {{ benchmark_people }})
            )
        ) / (1 + {{ z }} * {{ z }} / {{ benchmark_people }})
        else {{ rate }} * exp({{ sign }}{{ z }} * sqrt({{ log_variance }}))
    end
{%- endmacro %}

{# The lower (-) or upper (+) limit of the difference of two rates from a limit of each: for shares Newcombe's hybrid
   score interval (Statistics in Medicine 17, 1998). The lower goes by the rate's own lower limit and the reference
   rate's upper one, the upper the other way round. #}
{% macro difference_limit(sign, limit, reference_limit) -%}
    rate - reference_rate {{ sign }} sqrt(
        (rate - rate_{{ limit }}) * (rate - rate_{{ limit }})
        + (reference_rate - reference_rate_{{ reference_limit }}) * (reference_rate - reference_rate_{{ reference_limit }})
    )
{%- endmacro %}
